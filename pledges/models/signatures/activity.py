"""Counters of what confirmed signatures have in common, kept for a day. They can't be traced back to a signature."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db import connection, models
from django.utils import timezone

from campaign.privacy.models import DailyKey

COUNT = """
INSERT INTO pledges_activity AS seen (key, day, confirmed, held) VALUES (%(key)s, %(day)s, 1, %(held)s)
ON CONFLICT (key) DO UPDATE SET confirmed = seen.confirmed + 1, held = seen.held + excluded.held
RETURNING confirmed, held
"""


class Activity(models.Model):
    """How many signatures with one trace were confirmed on a day, including "count me only", and how many were held.

    A trace is the hash of a signature's network, mail domain or family of addresses. The row stores neither the trace
    nor the pledge: its key is a hash of both under the daily key, and once that is destroyed, nobody can tell which
    rows belong to a signature. The table bypasses the write-ahead log (UNLOGGED), so no archive of that log contains
    it; after a crash it is empty, which costs a day's counts.
    """

    key = models.BinaryField(primary_key=True, max_length=16)
    day = models.DateField()
    confirmed = models.PositiveIntegerField()
    held = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day}: {self.confirmed}, {self.held}"


@dataclass(frozen=True)
class Counter:
    """A counter of one pledge's confirmations on one day.

    Counted rows stay locked until the transaction ends. Two confirmations can't deadlock as long as both count in the
    same order: domain, family, network.
    """

    pledge_id: int
    key: bytes
    day: date

    @classmethod
    def for_day(cls, pledge_id: int, now: datetime) -> Self:
        """Return a pledge's counter for the day of `now` (aware)."""
        # Not the cached `daily_key`: this transaction may create the key, and then be rolled back.
        daily = DailyKey.of(timezone.localdate(now))
        return cls(pledge_id, bytes(daily.key), daily.day)

    def add(self, kind: str, trace: bytes | memoryview, *, held: bool = False) -> tuple[int, int]:
        """Count one more with this trace. Return how many there are now, and how many of them were held."""
        message = f"activity {kind} {self.pledge_id} ".encode() + bytes(trace)
        key = hmac.digest(self.key, message, "sha256")[:16]
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"key": key, "day": self.day, "held": int(held)})
            return cursor.fetchone()
