"""The outbox worker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.checks import START
from campaign.mail.outbox import send_waiting
from campaign.worker import UnavailableError, work

PAUSE = 1.0


class Command(BaseCommand):
    """A command that runs until it is stopped; several may run at once. `--once` sends what is due, then ends."""

    help = "Send the messages that are waiting in the outbox."
    requires_system_checks = (START,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        if not once:
            work(send_waiting, pause=PAUSE)
            return
        try:
            while send_waiting():
                pass
        except UnavailableError as reason:
            raise CommandError(f"{reason}.") from reason
