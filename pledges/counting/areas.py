"""Counts by nation, region and constituency, with small ones suppressed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaign.places.models import Constituency
from campaign.small_numbers import in_tens, largest_first, suppress_small
from pledges.models import Pledge


@dataclass
class CountsByArea:
    """Counts that are safe to publish, rounded down to tens, by name of area, largest first."""

    nations: dict[str, int] = field(default_factory=dict)
    regions: dict[str, int] = field(default_factory=dict)
    constituencies: dict[str, int] = field(default_factory=dict)


def counts_by_area(pledge: Pledge) -> CountsByArea:
    """Return the counts of a pledge by area, rounded down to tens.

    Counts under 10 are suppressed, and so are any that would reveal them. They are rounded because if an area's count
    rose by one with the whole pledge's, anybody watching both would see where somebody had just signed.
    """
    counts = dict(pledge.area_counts.filter(count__gt=0).values_list("area_code", "count"))
    places = Constituency.objects.in_bulk(list(counts))
    nations = suppress_small(_totals((places[code].get_nation_display(), counts[code]) for code in places))
    shown_places = [place for place in places.values() if place.get_nation_display() in nations]
    regions: dict[str, int] = {}
    if str(Constituency.Nation.ENGLAND.label) in nations:
        regions = suppress_small(_totals((place.region, counts[place.code]) for place in shown_places if place.region))
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for place in shown_places:
        if not place.region or place.region in regions:
            groups[place.region or place.nation][place.name] = counts[place.code]
    constituencies = {name: count for group in groups.values() for name, count in suppress_small(group).items()}
    return CountsByArea(_all_in_tens(nations), _all_in_tens(regions), _all_in_tens(constituencies))


def _all_in_tens(counts: dict[str, int]) -> dict[str, int]:
    return largest_first({name: in_tens(count) for name, count in counts.items()})


def _totals(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the sum of the numbers for each name."""
    totals: Counter[str] = Counter()
    for name, count in pairs:
        totals[str(name)] += count
    return dict(totals)
