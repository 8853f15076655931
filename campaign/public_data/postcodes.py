"""The postcodes, and what a new edition of them changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaign.places import packing, postcode_files
from campaign.places.importing import POSTCODES_LICENCE
from campaign.places.models import Edition, Sector
from campaign.places.postcode_files import Postcodes
from campaign.places.tables import RefusedError, rows, sha256
from campaign.public_data import open_geography
from campaign.public_data.sources import Change, Found, Source, source

# Every quarter, about 0.3 % of the postcodes are new. The directories keep the former ones.
MAX_LOST_PERCENT = 1
MAX_BAD_ROWS = 100


@dataclass
class Difference:
    """How a new edition differs from the postcodes that the site has, in numbers of postcodes."""

    known: int = 0
    new: int = 0
    lost: int = 0
    moved: int = 0

    @property
    def too_many_lost(self) -> int:
        """Return how many postcodes are lost or in another constituency, if that is more than usual, and 0 if not."""
        lost = self.lost + self.moved
        return lost if lost * 100 > self.known * MAX_LOST_PERCENT else 0


@source
class PostcodeSource(Source):
    """The ONS Postcode Directory or, if that is newer, the National Statistics Postcode Lookup."""

    dataset = "postcodes"
    label = _("postcodes")
    licence = POSTCODES_LICENCE

    def is_missing(self) -> bool:
        return not Sector.objects.exists()

    def fetch(self, folder: Path) -> Found | None:
        offer = open_geography.newest()
        if self._has(offer):
            return None
        path = open_geography.fetch(offer, folder)
        found = postcode_files.read(rows(path))
        postcode_files.check(found, partial=False, skip_bad=found.bad <= MAX_BAD_ROWS)
        name = offer.file_name or path.name
        return Found(found, found.rows, offer.title, offer.edition, offer.page, name, sha256(path))

    def replace(self, found: Found, *, allow_losses: bool) -> Change:
        try:
            packed = postcode_files.packed(found.data)
        except packing.ConflictingUnitsError as error:
            raise RefusedError(f"The file gives different answers for {error}.") from error
        difference = compare(found.data)
        change = Change(_report(found, difference), difference.too_many_lost)
        if allow_losses or not change.too_many_lost:
            postcode_files.store(packed)
            postcode_files.store_regions(found.data)
        return change

    def _has(self, offer: open_geography.Offer) -> bool:
        """Return whether the site has this edition or a newer one, loaded by hand perhaps."""
        loaded = Edition.objects.filter(pk=self.dataset).first()
        if loaded is None or self.is_missing():
            return False
        month = open_geography.month_of(loaded.edition)
        return loaded.source_url == offer.page or (month is not None and month > offer.month)


def compare(found: Postcodes) -> Difference:
    """Return how the postcodes in a file differ from those that the site has."""
    difference = Difference()
    for name, areas, units in Sector.objects.values_list("name", "areas", "units"):
        before = packing.codes(bytes(units), areas)
        after = _codes(found, name)
        both = before.keys() & after.keys()
        difference.known += len(before)
        difference.lost += len(before) - len(both)
        difference.moved += sum(before[unit] != after[unit] for unit in both)
    difference.new = sum(len(_codes(found, name)) for name in found.sectors) - difference.known + difference.lost
    return difference


def _codes(found: Postcodes, name: str) -> dict[int, str]:
    return packing.codes(*found.sectors[name].packed()) if name in found.sectors else {}


def _report(found: Found, difference: Difference) -> list[str]:
    data: Any = found.data
    return [
        f"{found.title}, {found.edition}: {data.rows:,} postcodes, {data.terminated:,} of them no longer in use.",
        f"New: {difference.new:,}. No longer listed: {difference.lost:,} of {difference.known:,}. In another "
        f"constituency than before: {difference.moved:,}.",
        *([f"Unusable rows left out: {data.bad:,}."] if data.bad else []),
    ]
