"""Clearly fictional brands, which show organisers what entries look like. None is a real company."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.businesses.models import Basis, Brand, Entry, Kind, Level, Sector
from campaign.pages.models import LoadedContent

NAME = "examples/brands"
EVIDENCE = "https://www.example.org/statements/example-statement.pdf"
BEGAN = timedelta(days=300)


@transaction.atomic
def load_examples(now: datetime) -> int:
    """Add the examples, with a ledger that ends at `now` (aware), unless they were added before; return how many."""
    _row, is_new = LoadedContent.objects.get_or_create(name=NAME)
    if not is_new or Brand.objects.filter(is_example=True).exists():
        return 0
    for make in (_committed, _declined, _asked):
        make(now)
    return 3


@transaction.atomic
def remove_examples() -> None:
    """Delete the examples with their entries. The database allows that for examples only."""
    examples = Brand.objects.filter(is_example=True)
    Entry.objects.filter(brand__in=examples).delete()
    examples.delete()


def _committed(now: datetime) -> None:
    brand = _brand(now, "example-cotton-company", _("Example Cotton Company"), Sector.CLOTHING)
    _add(brand, now, 290, Kind.LETTER, note=_("We asked the company for the commitment."))
    promise = _add(
        brand,
        now,
        250,
        Kind.COMMITMENT,
        level=Level.FULL,
        basis=Basis.SELF_DECLARED,
        quotation=_("We will end all sourcing from the region within twelve months."),
        evidence_url=EVIDENCE,
    )
    until = promise.happened_on + timedelta(days=365)
    brand.record(Kind.DEADLINE, about=promise, until=until, **_dated(now, 240))


def _declined(now: datetime) -> None:
    brand = _brand(now, "example-shoe-shop", _("Example Shoe Shop"), Sector.SHOES)
    _add(brand, now, 280, Kind.LETTER, note=_("We asked the company for the commitment."))
    claim = _add(
        brand, now, 200, Kind.DECLINED, note=_("The company wrote that it will not commit."), evidence_url=EVIDENCE
    )
    until = timezone.localdate(now - timedelta(days=180))
    notice = brand.record(Kind.NOTICE, about=claim, until=until, evidence_url=EVIDENCE, **_dated(now, 195))
    brand.record(Kind.CHECK, about=notice, **_dated(now, 195))
    words = _("We ask every supplier for a certificate, and think that is enough.")
    _add(brand, now, 185, Kind.REPLY, quotation=words, evidence_url=EVIDENCE)
    brand.record(Kind.PUBLICATION, about=claim, **_dated(now, 170))


def _asked(now: datetime) -> None:
    brand = _brand(now, "example-solar-panels", _("Example Solar Panels"), Sector.SOLAR)
    _add(brand, now, 60, Kind.LETTER, note=_("We asked the company for the commitment."))
    _add(brand, now, 20, Kind.REMINDER, note=_("We asked again."))


def _brand(now: datetime, slug: str, title: str, sector: Sector) -> Brand:
    summary = _("An example: this company doesn’t exist.")
    brand = Brand(slug=slug, title=title, summary=summary, sector=sector, is_example=True)
    brand.save()
    brand.record(Kind.LISTING, details=brand.listed(), **_dated(now, BEGAN.days))
    brand.publish(live_at=now - BEGAN)
    return brand


def _add(brand: Brand, now: datetime, days: int, kind: Kind, **values: Any) -> Entry:
    """Add an entry that happened so many days ago, with its check; return the entry."""
    entry = brand.record(kind, **values, **_dated(now, days))
    brand.record(Kind.CHECK, about=entry, **_dated(now, days))
    return entry


def _dated(now: datetime, days: int) -> dict[str, Any]:
    then = now - timedelta(days=days)
    return {"happened_on": timezone.localdate(then), "recorded_at": then}
