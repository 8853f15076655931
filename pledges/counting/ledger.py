"""The open ledger of a pledge: a line a day, each with the hash of the one before, so that nobody can rewrite the past.

Whoever kept yesterday's file can tell: each hash is the SHA-256 of "day,count,previous hash".
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
    """64 hexadecimal digits for a line that follows the line with the hash `previous`."""
    return hashlib.sha256(f"{day.isoformat()},{count},{previous}".encode()).hexdigest()


def day_before(now: datetime) -> date:
    """The day that was over at `now` (aware), by the site's own clock."""
    return timezone.localdate(now) - timedelta(days=1)


@transaction.atomic
def close_day(pledge: Pledge, now: datetime) -> bool:
    """Write the line of the day before `now` (aware), unless it is written; return whether it was still to be done.

    Days on which nothing ran have no line: what was not counted is not made up.
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
    """All lines, the oldest first, under their names."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(pledge.ledger.values_list(*COLUMNS)[:MAX_LINES])
    return file.getvalue()
