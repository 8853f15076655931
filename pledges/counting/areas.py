"""Counts of a pledge by nation, region and constituency, with small ones suppressed, and the hex map of them."""

from campaign.places.areas import AreaCounts, publishable
from campaign.places.hexes.drawing import HexMap
from campaign.places.hexes.maps import counts_and_map
from campaign.places.models import Constituency
from pledges.models import Pledge

MIN_MAPPED = 10


def counts_by_area(pledge: Pledge) -> AreaCounts:
    """Return the counts of a pledge loaded `with_count` by area that are safe to publish, rounded down to tens."""
    return publishable(Constituency.objects.counted(pledge.area_counts.all(), "count"), pledge.count)


def home_map(pledge: Pledge) -> HexMap | None:
    """Return the hex map of a pledge loaded `with_count`, or None with fewer than ten counts. It takes two queries."""
    _counts, drawn = counts_and_map(pledge.area_counts.all(), total=pledge.count)
    return drawn if drawn and drawn.shown >= MIN_MAPPED else None
