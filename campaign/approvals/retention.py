"""How long requests are kept that nobody asked for in the end."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.approvals.models import ApprovalRequest
from campaign.privacy.retention import rule


@rule(_("What an organiser was about to ask for, and did not"), "KEEP_APPROVAL_DRAFTS_DAYS")
def delete_drafts(before: datetime) -> int:
    """Delete drafts made before then (aware)."""
    count, _by_model = ApprovalRequest.objects.filter(state="draft", asked_at__lt=before).delete()
    return count
