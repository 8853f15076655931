"""The regions by which communities are counted: those of England, the other nations, and everywhere else."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.places import lookup, postcodes
from campaign.places.models import Constituency


class Region(models.TextChoices):
    """A region of England (as the Office for National Statistics defines it), another nation, or outside the UK."""

    NORTH_EAST = "north-east", _("North East")
    NORTH_WEST = "north-west", _("North West")
    YORKSHIRE = "yorkshire", _("Yorkshire and The Humber")
    EAST_MIDLANDS = "east-midlands", _("East Midlands")
    WEST_MIDLANDS = "west-midlands", _("West Midlands")
    EAST = "east", _("East of England")
    LONDON = "london", _("London")
    SOUTH_EAST = "south-east", _("South East")
    SOUTH_WEST = "south-west", _("South West")
    SCOTLAND = "scotland", _("Scotland")
    WALES = "wales", _("Wales")
    NORTHERN_IRELAND = "northern-ireland", _("Northern Ireland")
    ELSEWHERE = "elsewhere", _("outside the United Kingdom")


NATIONS = {
    Constituency.Nation.SCOTLAND: Region.SCOTLAND,
    Constituency.Nation.WALES: Region.WALES,
    Constituency.Nation.NORTHERN_IRELAND: Region.NORTHERN_IRELAND,
}
# The Office for National Statistics' own names (RGN24NM). Our labels may be translated.
REGIONS_OF_ENGLAND = {
    "North East": Region.NORTH_EAST,
    "North West": Region.NORTH_WEST,
    "Yorkshire and The Humber": Region.YORKSHIRE,
    "East Midlands": Region.EAST_MIDLANDS,
    "West Midlands": Region.WEST_MIDLANDS,
    "East of England": Region.EAST,
    "London": Region.LONDON,
    "South East": Region.SOUTH_EAST,
    "South West": Region.SOUTH_WEST,
}


def region_of(postcode: str) -> str:
    """Return the region of a normalised postcode, or "" if it is unknown.

    If the constituency is unknown, the postcode area gives the nation, unless the area crosses a border.
    """
    code = lookup.area_code(postcode)
    constituency = Constituency.objects.filter(pk=code).first() if code else None
    if constituency is None:
        return _region_of_nation(postcodes.NATIONS.get(postcodes.area(postcode), ""))
    return _region_of_nation(constituency.nation) or REGIONS_OF_ENGLAND.get(constituency.region, "")


def _region_of_nation(nation: str) -> str:
    return {str(key): str(value) for key, value in NATIONS.items()}.get(nation, "")
