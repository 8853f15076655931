"""The rates at which mailings are sent. All workers share them through the database.

Each message to a domain delays the next message to it by an interval: 0.2 s at a rate of five a second. The same goes
for all domains together. Unused time is lost, except for the last quarter of a second.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings

from campaign.db import Lock, clock, lock_briefly
from campaign.mailings.models import Delivery, Pace

ALL = b""  # all domains together
GRACE = timedelta(seconds=0.25)


@dataclass
class Budget:
    """The number of messages that may be sent at `now` (aware), at `rate` a second (0 means unlimited)."""

    rate: float
    now: datetime
    free_at: datetime | None = None

    @property
    def left(self) -> int:
        """Return how many messages may be sent now."""
        if not self.rate:
            return sys.maxsize
        start = self._start
        return int((self.now - start).total_seconds() * self.rate) + 1 if start <= self.now else 0

    def after(self, sent: int) -> datetime:
        """Return when the next message may be sent, after `sent` more messages."""
        return self._start + timedelta(seconds=sent / self.rate)

    @property
    def _start(self) -> datetime:
        """Return the time (aware) from which the budget counts, at most a quarter of a second ago.

        Ignore a `free_at` too far ahead: it comes from a wrong clock, or from a time when the rate was slower.
        """
        earliest, latest = self.now - GRACE, latest_free(self.now, self.rate)
        return max(self.free_at, earliest) if self.free_at and self.free_at <= latest else earliest


@dataclass
class Turn:
    """The rates, locked for one claim. Other workers wait until its transaction ends."""

    now: datetime
    all: Budget
    domains: dict[bytes, Budget] = field(default_factory=dict)

    @classmethod
    def begin(cls) -> Self:
        """Lock the rates until the transaction ends, and read them. If no rate is set, lock nothing."""
        if settings.NEWS_PER_SECOND or settings.NEWS_PER_DOMAIN_PER_SECOND:
            lock_briefly(Lock.NEWS_PACE)
        now = clock()
        return cls(now, Budget(settings.NEWS_PER_SECOND, now, _free_at([ALL]).get(ALL)))

    def full_domains(self) -> list[bytes]:
        """Return the hashes of the domains that have used up their rates."""
        if not settings.NEWS_PER_DOMAIN_PER_SECOND:
            return []
        latest = latest_free(self.now, settings.NEWS_PER_DOMAIN_PER_SECOND)
        busy = Pace.objects.filter(free_at__gt=self.now, free_at__lte=latest).values_list("domain_hash", flat=True)
        return [bytes(domain) for domain in busy if bytes(domain) != ALL]

    def choose(self, deliveries: Iterable[Delivery]) -> list[Delivery]:
        """Return the deliveries that the rates of their domains allow, and count them."""
        deliveries = list(deliveries)
        domains = {bytes(delivery.domain_hash) for delivery in deliveries}
        rate, free_at = settings.NEWS_PER_DOMAIN_PER_SECOND, _free_at(domains) if deliveries else {}
        self.domains = {domain: Budget(rate, self.now, free_at.get(domain)) for domain in domains}
        taken: Counter[bytes] = Counter()
        chosen = []
        for delivery in deliveries:
            domain = bytes(delivery.domain_hash)
            if taken[domain] < self.domains[domain].left:
                taken[domain] += 1
                chosen.append(delivery)
        self._count(taken)
        return chosen

    def _count(self, taken: Counter[bytes]) -> None:
        rows = [Pace(domain_hash=key, free_at=self.domains[key].after(n)) for key, n in taken.items() if self._limits]
        if self.all.rate and taken:
            rows.append(Pace(domain_hash=ALL, free_at=self.all.after(taken.total())))
        Pace.objects.bulk_create(rows, update_conflicts=True, unique_fields=["domain_hash"], update_fields=["free_at"])

    @property
    def _limits(self) -> bool:
        return bool(settings.NEWS_PER_DOMAIN_PER_SECOND)


def latest_free(now: datetime, rate: float) -> datetime:
    """Return the latest plausible time (aware) for the next message: after one interval, with a little for rounding."""
    return now + timedelta(seconds=1 / rate) + GRACE


def _free_at(keys: Iterable[bytes]) -> dict[bytes, datetime]:
    """Return when the next message may be sent to each known domain, by the domain's hash."""
    if not (settings.NEWS_PER_SECOND or settings.NEWS_PER_DOMAIN_PER_SECOND):
        return {}
    rows = Pace.objects.filter(domain_hash__in=list(keys)).values_list("domain_hash", "free_at")
    return {bytes(key): free_at for key, free_at in rows}


def forget_idle_domains() -> int:
    """Delete the rows of domains that have been free for a minute; return how many."""
    count, _by_model = Pace.objects.filter(free_at__lt=clock() - timedelta(minutes=1)).delete()
    return count
