"""The outbox worker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.mail.checks import sender_faults
from campaign.mail.outbox import send_waiting
from campaign.worker import UnavailableError, work

PAUSE = 1.0


class Command(BaseCommand):
    """Runs for ever; run as many as wanted. `--once` sends what is due and ends."""

    help = "Send the messages that wait in the outbox."
    requires_system_checks = ()  # it checks the sender itself, to say what is wrong in one sentence

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        if faults := sender_faults():
            raise CommandError(" ".join(faults))
        if not once:
            work(send_waiting, pause=PAUSE)
            return
        try:
            while send_waiting():
                pass
        except UnavailableError as reason:
            raise CommandError(f"{reason}.") from reason
