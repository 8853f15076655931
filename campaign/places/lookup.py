"""From a postcode to its constituency, in our own tables."""

from dataclasses import dataclass

from campaign.places import postcodes
from campaign.places.models import Constituency, Sector


@dataclass(frozen=True)
class Found:
    """What we know of a postcode: where it is (None: in no constituency, as in Jersey), and whether it is in use."""

    postcode: str
    constituency: Constituency | None
    terminated: bool


def find(text: str) -> Found | None:
    """What we know of the postcode that somebody typed; None when we do not know it. Never a guess.

    Raises ValueError for what is no postcode.
    """
    postcode = postcodes.normalise(text)
    sector = Sector.objects.filter(pk=postcode[:-2]).first()
    unit = sector.find(postcode[-2:]) if sector else None
    if unit is None:
        return None
    constituency = Constituency.objects.filter(pk=unit.code).first() if unit.code else None
    return Found(postcode, constituency, unit.terminated)
