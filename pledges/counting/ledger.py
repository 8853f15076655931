"""The open ledger of a pledge: a line a day, each with the hash of the one before, so that nobody can rewrite the past.

Anybody who kept yesterday's file would notice: each hash is the SHA-256 of "day,count,previous hash".
"""

import csv
import hashlib
import io
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from pledges.models import Pledge, PublishedCount

BEGINNING = "0" * 64
COLUMNS = ["day", "count", "previous", "hash"]
MAX_LINES = 10_000  # twenty-seven years


def line_hash(day: date, count: int, previous: str) -> str:
    """Return 64 hexadecimal digits for the line that follows the one with the hash `previous`."""
    return hashlib.sha256(f"{day.isoformat()},{count},{previous}".encode()).hexdigest()


def day_before(now: datetime) -> date:
    """Return the day before `now` (aware), in the site's time zone."""
    return timezone.localdate(now) - timedelta(days=1)


@transaction.atomic
def close_day(pledge: Pledge, now: datetime) -> bool:
    """Write the line for the day before `now` (aware), unless there is one; return whether it was written now.

    Days on which the worker did not run have no line: we don't make up counts.
    """
    day = day_before(now)
    published = PublishedCount.objects.select_for_update().filter(pledge=pledge).first()
    last = pledge.ledger.last()
    if published is None or (last and last.day >= day):
        return False
    previous = last.hash if last else BEGINNING
    hashed = line_hash(day, published.count, previous)
    pledge.ledger.create(day=day, count=published.count, previous=previous, hash=hashed)
    return True


def as_csv(pledge: Pledge) -> str:
    """Return all lines, oldest first, under a header."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(pledge.ledger.values_list(*COLUMNS)[:MAX_LINES])
    return file.getvalue()
