"""The worker that moves the count."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from campaign.worker import work
from pledges.tally import fold


def fold_all() -> int:
    """Fold until nothing is left; give 0, since the step's pause follows however much there was."""
    while fold():
        pass
    return 0


class Command(BaseCommand):
    """Runs for ever, one step each COUNT_STEP_SECONDS. `--once` makes one step and ends."""

    help = "Bring the counts and the public lists up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="make one step, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            fold_all()
        else:
            work(fold_all, pause=settings.COUNT_STEP_SECONDS)
