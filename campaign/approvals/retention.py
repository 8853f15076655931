"""Retention rules for requests that were never submitted."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.approvals.models import ApprovalRequest
from campaign.privacy.retention import rule


@rule(_("Requests that an organiser prepared but did not submit"), "KEEP_APPROVAL_DRAFTS_DAYS")
def delete_drafts(before: datetime) -> int:
    """Delete drafts made before the given time (aware)."""
    count, _by_model = ApprovalRequest.objects.filter(state="draft", asked_at__lt=before).delete()
    return count
