"""The hex map of any counts by constituency, from the database."""

from typing import Any

from django.db.models import QuerySet

from campaign.places.areas import AreaCounts, publishable
from campaign.places.hexes.drawing import HexMap, draw
from campaign.places.hexes.layout import current
from campaign.places.models import Constituency


def counts_and_map(counts: QuerySet[Any], field: str = "count", total: int = 0) -> tuple[AreaCounts, HexMap | None]:
    """Return the publishable counts from `field` of rows with an `area_code`, and their hex map. It takes two queries.

    `total` also counts people whose constituency isn't known. The map is None if no constituency has a publishable
    count.
    """
    counted = Constituency.objects.counted(counts, field)
    published = publishable(counted, total)
    return published, draw(counted, published, current())
