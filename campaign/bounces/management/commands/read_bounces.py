"""Read the mailbox of bounces."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaign.bounces.mailboxes import open_mailbox
from campaign.bounces.reading import read_mailbox
from campaign.checks import START
from campaign.db import Lock, try_long_lock
from campaign.worker import UnavailableError

REPORT = "Reports about our messages: {believed}. Other messages: {ignored}. Unreadable, set aside: {unreadable}."


class Command(BaseCommand):
    """A command that a timer runs every few minutes. Several runs at the same time do no harm."""

    help = "Process the bounces and spam reports in the mailbox at BOUNCES_URL, and delete them."
    requires_system_checks = (START,)

    def handle(self, **options: Any) -> str:
        place = open_mailbox(settings.BOUNCES_URL)
        if place is None:
            return "BOUNCES_URL is not set, so there is no mailbox to read."
        with try_long_lock(Lock.READ_BOUNCES) as got_it:
            if not got_it:
                return "Another process is reading the mailbox."
            try:
                counts = read_mailbox(place)
            except UnavailableError as reason:
                raise CommandError(f"{reason}.") from reason
        return REPORT.format_map({name: counts[name] for name in ("believed", "ignored", "unreadable")})
