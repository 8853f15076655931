"""The worker that publishes counts, acts on approvals, rejects in bulk, and writes the ledger and the journal."""

from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from campaign.approvals.acting import act_on_due
from campaign.desk.emails import queue_daily
from campaign.privacy.erasures import write_waiting
from campaign.worker import work
from pledges.counting.ledger import close_day, day_before
from pledges.counting.publishing import is_due, publish_counts
from pledges.models import Pledge, bulk_invalidation


def publish_all() -> None:
    """Publish until no change is waiting."""
    while publish_counts():
        pass


def close_days(now: datetime) -> None:
    """Write the ledger's line for the day before `now` (aware), where it is missing."""
    for pledge in Pledge.objects.exclude(ledger__day=day_before(now)):
        close_day(pledge, now)


class Steps:
    """One turn of the worker: the journal, the counts if due, the ledger, approvals, a step of a bulk invalidation."""

    def __init__(self) -> None:
        self.last = timezone.now() - timedelta(seconds=settings.COUNT_MAX_WAIT)
        self.mailed: date | None = None

    def __call__(self) -> int:
        now = timezone.now()
        written = write_waiting()
        if is_due(now, self.last):
            publish_all()
            self.last = now
        close_days(now)
        act_on_due(now)
        self.mail_tasks(now)
        return written + bulk_invalidation.step()

    def mail_tasks(self, now: datetime) -> None:
        """Queue the day's message about waiting tasks, once it is past seven in the morning."""
        today = timezone.localdate(now)
        if self.mailed != today and queue_daily(now):
            self.mailed = today


class Command(BaseCommand):
    """Runs for ever, one step every COUNT_INTERVAL seconds; with `--once`, makes one step and ends."""

    help = "Bring the counts and the public lists up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="make one step, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            write_waiting()
            publish_all()
            close_days(timezone.now())
            act_on_due(timezone.now())
        else:
            work(Steps(), pause=settings.COUNT_INTERVAL)
