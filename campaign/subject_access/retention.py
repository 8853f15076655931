"""How long we keep records of subject access requests."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.privacy.retention import rule
from campaign.subject_access.models import SubjectAccess


@rule(
    _("The record of an answered request to see personal data, with a code made from the address"),
    "KEEP_SUBJECT_ACCESS_DAYS",
)
def delete_answered(before: datetime) -> int:
    """Delete the records of answers given before the given time (aware)."""
    count, _by_model = SubjectAccess.objects.filter(at__lt=before).delete()
    return count
