"""How long we keep unsaved text, and which forms organisers had open."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.editing.models import Presence, WorkingCopy
from campaign.privacy.retention import rule


@rule(_("What an organiser typed into a form but did not save"), "KEEP_WORKING_COPIES_DAYS")
def delete_working_copies(before: datetime) -> int:
    """Delete what was typed before the given time (aware)."""
    count, _by_model = WorkingCopy.objects.filter(saved_at__lt=before).delete()
    return count


@rule(_("Which organiser had which form open"), "KEEP_PRESENCE_DAYS")
def delete_presence(before: datetime) -> int:
    """Delete what was noted before the given time (aware)."""
    count, _by_model = Presence.objects.filter(seen_at__lt=before).delete()
    return count
