"""The kinds of action that need approval."""

import pytest
from django.contrib.auth.models import Permission

from campaign.approvals.kinds import KINDS


@pytest.mark.django_db
def test_every_kind_names_a_permission_that_exists():
    pairs = Permission.objects.values_list("content_type__app_label", "codename")

    assert {kind.permission for kind in KINDS.values()} <= {f"{app}.{codename}" for app, codename in pairs}
