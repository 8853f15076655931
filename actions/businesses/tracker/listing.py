"""The rows of the tracker's list. They come from its snapshot, so the page and the data files always agree."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zlib import compress, decompress

from django.core.cache import caches
from django.db.models import Count, Max, Q, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django_countries import countries

from actions.businesses.models import Brand, Code, Entry, EntryLink, Sector, Status
from actions.businesses.tracker.days import Seen, midnight_after
from actions.businesses.tracker.snapshots import snapshot
from campaign.pages.caching import lifetime
from campaign.versions.models import Version


@dataclass(frozen=True)
class Listed:
    """One brand as the tracker lists it at a moment."""

    slug: str
    name: str
    sector: str
    parent: str
    country: str
    products: str
    other_names: str
    is_example: bool
    status: Status

    @property
    def url(self) -> str:
        """Return the address of the brand's page."""
        return reverse("businesses:brand", args=[self.slug])

    @property
    def sector_label(self) -> str:
        """Return the sector in words, or its code if this version of the site doesn't know it."""
        return str(Sector(self.sector).label) if self.sector in Sector.values else self.sector

    @property
    def country_name(self) -> str:
        """Return the country's name, or "" if no country is known."""
        return str(countries.name(self.country))


def rows_of(data: bytes) -> list[Listed]:
    """Return a snapshot's rows, by name."""
    return [_row(brand) for brand in json.loads(data)["brands"]]


@dataclass(frozen=True)
class Tracker:
    """The snapshot of the tracker that a visitor sees, and when it may next change by itself (aware)."""

    data: bytes
    changes_at: datetime

    @classmethod
    def of(cls, seen: Seen) -> "Tracker":
        """Return the tracker that a visitor sees. This process computes the current tracker only if it has changed.

        A past day is computed each time: the cache has room for 200 pages, and addresses with thousands of different
        days would push every other page out.
        """
        state = _state(seen.now)
        data = snapshot(seen.moment) if seen.day else _present(seen, state)
        next_change = state["next_change"] if state else Version.objects.next_change_after(seen.now)
        return cls(data, min(filter(None, [next_change, midnight_after(seen.now)])))

    @property
    def rows(self) -> list[Listed]:
        """Return the brands, by name."""
        return rows_of(self.data)

    def keep(self, response: HttpResponse) -> None:
        """Stop front caches from keeping a response past the moment when the tracker may change by itself."""
        patch_cache_control(response, s_maxage=lifetime(self.changes_at))


def _present(seen: Seen, state: dict[str, Any]) -> bytes:
    """Return the snapshot of the current tracker, from the cache if nothing has changed since.

    The key changes with everything that a snapshot depends on, so no process shows an outdated tracker. With 1,000
    brands, finding the key takes a few milliseconds, and computing the snapshot a few hundred.
    """
    key = sha256(f"{seen.date} {state}".encode()).hexdigest()
    packed: Any = caches["rendered"].get_or_set(key, lambda: compress(snapshot(seen.now), level=1))
    return decompress(packed)


def _row(brand: dict[str, Any]) -> Listed:
    names = ("slug", "name", "sector", "parent", "country", "products", "other_names")
    return Listed(**{name: brand[name] for name in names}, is_example=brand["example"], status=_status(brand["status"]))


def _status(values: dict[str, Any]) -> Status:
    """Return the status that `status_described` has turned into values."""
    return Status(
        Code(values["code"]),
        date.fromisoformat(values["day"]),
        date.fromisoformat(values["as_of"]),
        values["basis"],
        values["entry"],
        values["deadline"] and date.fromisoformat(values["deadline"]),
    )


def _state(now: datetime) -> dict[str, Any]:
    """Return values that change with the ledger, the brands and their versions, or {} if no brand was ever published.

    `next_change` is when the next version goes live or expires, or None. Links are numbered in the order in which
    transactions commit. Examples have no links, so the newest entry counts too.
    """
    redacted = Entry.objects.filter(redacted_at__isnull=False).order_by("-redacted_at")
    versions = Version.objects.filter(model=Brand._meta.label_lower).order_by("model").values("model")
    found: Any = versions.annotate(
        next_change=Version.objects.next_change(now),
        newest=Max("pk"),
        begun=Count("pk", filter=Q(live_at__lte=now)),
        over=Count("pk", filter=Q(expires_at__lte=now)),
        link=Subquery(EntryLink.objects.order_by("-pk").values("pk")[:1]),
        entry=Subquery(Entry.objects.order_by("-pk").values("pk")[:1]),
        redacted=Subquery(redacted.values("redacted_at")[:1]),
        example=Subquery(Brand.objects.filter(is_example=True).order_by("-pk").values("pk")[:1]),
    ).first()
    return found or {}
