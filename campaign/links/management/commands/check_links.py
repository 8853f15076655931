"""The command `check_links`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from campaign.db import Lock, try_long_lock
from campaign.links.checking import check_due, note_links
from campaign.links.models import CheckedLink


class Command(BaseCommand):
    """A command for a daily timer. A second run at the same time does nothing."""

    help = "Check the pages on other sites that ours link to. Organisers see those that fail on three days."

    def handle(self, **options: Any) -> str:
        with try_long_lock(Lock.CHECK_LINKS) as is_ours:
            if not is_ours:
                return "Another check is running."
            total = note_links()
            checked = check_due(timezone.now())
        broken = CheckedLink.objects.broken().count()
        return f"Checked {checked} of {total} links to other sites; {broken} are broken."
