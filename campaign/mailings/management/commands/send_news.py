"""The news worker."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.checks import START
from campaign.mailings.sending.worker import Worker


class Command(BaseCommand):
    """A command that runs until it is stopped. Several may run at once. `--once` sends what is due, then ends."""

    help = "Send the mailings that are due."
    requires_system_checks = (START,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due over one connection, then exit")

    def handle(self, *, once: bool, **options: Any) -> None:
        worker = Worker()
        if once:
            worker.once()
            if worker.server.problem:
                raise CommandError(f"The mail server does not accept mail ({worker.server.problem}).")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop.set())
        worker.run()
