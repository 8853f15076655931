"""A pledge's open ledger: daily lines, each with the hash of the line before, so that nobody can rewrite the past.

A line states the published count at the midnight that ended the day, by the site's clock. A day has a line only if the
count has moved by 10 or more since the last line. Each hash is the SHA-256 of "day,count,previous hash", so anybody who
keeps an old file would notice a change.
"""

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from pledges.models import LedgerLine, Pledge, PublishedCount

BEGINNING = "0" * 64
COLUMNS = ["day", "count", "previous", "hash"]
MAX_LINES = 10_000  # twenty-seven years


def line_hash(day: date, count: int, previous: str) -> str:
    """Return 64 hexadecimal digits for the line that follows the one with the hash `previous`."""
    return hashlib.sha256(f"{day.isoformat()},{count},{previous}".encode()).hexdigest()


def close_days(now: datetime) -> int:
    """Write every line that is due at `now` (aware), and return how many were written."""
    due = list(PublishedCount.objects.awaiting_line(now).values_list("pk", flat=True))
    return sum(_lock_and_close(pledge_id, now) for pledge_id in due)


@transaction.atomic
def _lock_and_close(pledge_id: int, now: datetime) -> bool:
    published = PublishedCount.objects.select_for_update().filter(pk=pledge_id).first()
    return published is not None and close_day(published, now)


def close_day(published: PublishedCount, now: datetime) -> bool:
    """Write the line for the day on which a locked count last changed, if due at `now` (aware); return whether it was.

    Only publishing changes the count, and it calls this first. So the count is still what it was at the midnight
    that ended that day, however long ago a worker last ran. Later days without a change get no line.
    """
    day = timezone.localdate(published.changed_at)
    last = LedgerLine.objects.filter(pledge=published.pk).last()
    is_due = PublishedCount.objects.awaiting_line(now).filter(pk=published.pk).exists()
    if not is_due or (last and last.day >= day):
        return False
    previous = last.hash if last else BEGINNING
    hashed = line_hash(day, published.count, previous)
    LedgerLine.objects.create(pledge_id=published.pk, day=day, count=published.count, previous=previous, hash=hashed)
    return True


def as_csv(pledge: Pledge) -> str:
    """Return all lines, oldest first, under a header."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(pledge.ledger.values_list(*COLUMNS)[:MAX_LINES])
    return file.getvalue()


def in_steps(lines: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Return the days and counts for a chart: each count lasts until the day before the next line.

    Otherwise the chart would show steady growth on days about which the ledger says nothing.
    """
    points = list(lines[:1])
    for (_before, count), (day, next_count) in pairwise(lines):
        eve = day - timedelta(days=1)
        if eve > points[-1][0]:
            points.append((eve, count))
        points.append((day, next_count))
    return points
