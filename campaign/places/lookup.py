"""From a postcode to its constituency, in our own tables."""

from dataclasses import dataclass

from django.db import connection

from campaign.places import packing, postcodes
from campaign.places.models import Constituency


# Everybody who signs asks for it: 0.2 ms instead of 0.6 by the ORM.
SECTOR = "SELECT units, areas FROM places_sector WHERE name = %s"


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
    around = list(Constituency.objects.around(postcode[:-2]))
    unit = packing.find(bytes(around[0].units), around[0].areas, postcode[-2:]) if around else None
    if unit is None:
        return None
    constituency = next((one for one in around if one.code == unit.code), None)
    return Found(postcode, constituency, unit.terminated)


def area_code(postcode: str) -> str:
    """The code of the constituency of a postcode in its normal form, in one small query; "" when we do not know it."""
    with connection.cursor() as cursor:
        cursor.execute(SECTOR, [postcode[:-2]])
        found = cursor.fetchone()
    unit = packing.find(bytes(found[0]), found[1], postcode[-2:]) if found else None
    return unit.code if unit else ""
