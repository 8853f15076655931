"""The hex map of any counts by constituency, from the database."""

from typing import Any

from django.db.models import QuerySet

from campaign.places.areas import AreaCounts, publishable
from campaign.places.hexes.drawing import HexMap, draw
from campaign.places.hexes.layout import current
from campaign.places.models import Constituency


def counts_and_map(counts: QuerySet[Any], field: str = "count") -> tuple[AreaCounts, HexMap | None]:
    """Return the publishable counts from `field` of rows with an `area_code`, and their hex map. It takes two queries.

    The map is None if no constituency has a publishable count.
    """
    counted = Constituency.objects.counted(counts, field)
    published = publishable(counted)
    return published, draw(counted, published, current())
