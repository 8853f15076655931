"""How long we keep the record that an organiser asked for a test."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.mailings.models import TestMessage
from campaign.privacy.retention import rule


@rule(_("Which organiser sent themselves a mailing as a test"), "KEEP_ACTIVITY_DAYS")
def delete_tests(before: datetime) -> int:
    """Delete tests requested before the given time (aware)."""
    count, _by_model = TestMessage.objects.filter(asked_at__lt=before).delete()
    return count
