"""The worker that moves the count."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from campaign.worker import work
from pledges.ledger import close_day, day_before
from pledges.models import Pledge
from pledges.tally import fold


def fold_all() -> int:
    """Fold until nothing is left, and close the day before. Give 0: the pause follows however much there was."""
    while fold():
        pass
    now = timezone.now()
    for pledge in Pledge.objects.exclude(ledger__day=day_before(now)):
        close_day(pledge, now)
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
