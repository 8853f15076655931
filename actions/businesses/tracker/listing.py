"""The rows of the tracker's list, read from its snapshot, so that the page and the data files always agree."""

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
        """Return the country's name, or "" if there is none."""
        return str(countries.name(self.country))


def rows_of(data: bytes) -> list[Listed]:
    """Return the rows of a snapshot, by name."""
    return [_row(brand) for brand in json.loads(data)["brands"]]


@dataclass(frozen=True)
class Tracker:
    """The snapshot of what a visitor looks at, and when it may change by itself (aware)."""

    data: bytes
    changes_at: datetime

    @classmethod
    def of(cls, seen: Seen) -> "Tracker":
        """Return what a visitor looks at, computed only if this process hasn't done so recently.

        The key changes with everything that a snapshot depends on, so no process shows an outdated tracker. With 1,000
        brands, finding the key takes a few milliseconds, and computing the snapshot a few hundred.
        """
        state = _state(seen.now)
        key = sha256(f"{seen.date} {seen.day} {state}".encode()).hexdigest()
        kept = caches["rendered"].get(key)
        if kept is None:
            kept = compress(snapshot(seen.moment), level=1)
            caches["rendered"].set(key, kept)
        next_change = state["next_change"] if state else Version.objects.next_change_after(seen.now)
        return cls(decompress(kept), min(filter(None, [next_change, midnight_after(seen.now)])))

    @property
    def rows(self) -> list[Listed]:
        """Return the brands, by name."""
        return rows_of(self.data)

    def keep(self, response: HttpResponse) -> None:
        """Let no front cache keep a response beyond the moment at which the tracker may change by itself."""
        patch_cache_control(response, s_maxage=lifetime(self.changes_at))


def _row(brand: dict[str, Any]) -> Listed:
    names = ("slug", "name", "sector", "parent", "country", "products", "other_names")
    return Listed(**{name: brand[name] for name in names}, is_example=brand["example"], status=_status(brand["status"]))


def _status(values: dict[str, Any]) -> Status:
    """Return a status from what `status_described` made of it."""
    return Status(
        Code(values["code"]),
        date.fromisoformat(values["day"]),
        date.fromisoformat(values["as_of"]),
        values["basis"],
        values["entry"],
        values["deadline"] and date.fromisoformat(values["deadline"]),
    )


def _state(now: datetime) -> dict[str, Any]:
    """Return values that change with the ledger, the brands and their versions; {} if no brand was ever published.

    `next_change` is when any version next goes live or expires, or None.

    Links are numbered in the order in which transactions commit; examples have none, so their entries count too.
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
