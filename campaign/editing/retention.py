"""How long we keep unsaved text and records of open forms."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.editing.models import Presence, WorkingCopy
from campaign.privacy.retention import rule


@rule(_("What an organiser typed into a form but did not save"), "KEEP_WORKING_COPIES_DAYS")
def delete_working_copies(before: datetime) -> int:
    """Delete unsaved text kept before the given time (aware)."""
    count, _by_model = WorkingCopy.objects.filter(saved_at__lt=before).delete()
    return count


@rule(_("Which organiser had which form open"), "KEEP_PRESENCE_DAYS")
def delete_presence(before: datetime) -> int:
    """Delete records of forms last seen open before the given time (aware)."""
    count, _by_model = Presence.objects.filter(seen_at__lt=before).delete()
    return count
