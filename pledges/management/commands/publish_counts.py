"""The worker that publishes counts, acts on approvals, rejects in bulk, and writes the ledger and the journal."""

from argparse import ArgumentParser
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from campaign.approvals.acting import act_on_due
from campaign.desk.emails import queue_daily
from campaign.periodic import run_steps
from campaign.privacy.erasures import write_waiting
from campaign.worker import work
from pledges.counting.ledger import close_days
from pledges.counting.publishing import pledges_due, publish_counts
from pledges.metrics import mark_published
from pledges.models import bulk_invalidation


def publish_all(pledges: Collection[int] | None = None) -> None:
    """Publish until no changes are waiting, for the pledges with these keys or for all."""
    while publish_counts(pledges):
        pass


class Steps:
    """One turn of the worker: journal, ledger, counts if due, approvals, the apps' steps, and bulk invalidation."""

    def __init__(self) -> None:
        self.last: dict[int, datetime] = {}
        self.mailed: date | None = None

    def __call__(self) -> int:
        now = timezone.now()
        written = write_waiting()
        close_days(now)
        due = pledges_due(now, self.last)
        publish_all(due)
        mark_published(now)
        self.last |= dict.fromkeys(due, now)
        act_on_due(now)
        self.mail_tasks(now)
        return written + run_steps(now) + bulk_invalidation.step()

    def mail_tasks(self, now: datetime) -> None:
        """Queue the day's message about waiting tasks, from seven in the morning."""
        today = timezone.localdate(now)
        if self.mailed != today and queue_daily(now):
            self.mailed = today


class Command(BaseCommand):
    """A command that takes a step every COUNT_INTERVAL seconds, for ever. With `--once`, it takes a single step."""

    help = "Bring the counts and the public lists up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="take one step, then exit")

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            write_waiting()
            close_days(timezone.now())
            publish_all()
            act_on_due(timezone.now())
            run_steps(timezone.now())
        else:
            work(Steps(), pause=settings.COUNT_INTERVAL)
