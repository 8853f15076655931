"""How long the audit log is kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.audit.models import AuditEntry
from campaign.privacy.retention import rule


@rule(_("The record of what each organiser did, with their username"), "KEEP_AUDIT_DAYS")
def delete_old_entries(before: datetime) -> int:
    """Delete entries made before the given time (aware). The database refuses to delete any under six years old."""
    count, _by_model = AuditEntry.objects.filter(at__lt=before).delete()
    return count
