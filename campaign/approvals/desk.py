"""The figure on the organisers' front page for requests that need approval."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.approvals.kinds import KINDS
from campaign.approvals.models import ApprovalRequest
from campaign.desk.registry import Figure, Item, shows

MAX_COUNTED = 100


@shows()
def waiting_for(user: User) -> Iterator[Item]:
    """Yield the number of others' requests that this organiser may approve, up to 100; nothing without permission."""
    if not any(user.has_perm(kind.permission) for kind in KINDS.values()):
        return
    others = ApprovalRequest.objects.visible_to(user).waiting().exclude(asked_by=user)
    count = others.order_by()[:MAX_COUNTED].count()
    url = reverse("admin:approvals_approvalrequest_changelist") + "?state__exact=waiting"
    yield Figure(_("Waiting for your approval"), str(count), url)
