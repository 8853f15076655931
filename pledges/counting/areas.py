"""Counts by nation, region and constituency, with small ones suppressed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaign.places.models import Constituency
from pledges.models import Pledge

MIN_SHOWN = 10


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


def in_tens(count: int) -> int:
    """Return a count rounded down to tens."""
    return count - count % MIN_SHOWN


def _all_in_tens(counts: dict[str, int]) -> dict[str, int]:
    return _largest_first({name: in_tens(count) for name, count in counts.items()})


def _totals(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the sum of the numbers for each name."""
    totals: Counter[str] = Counter()
    for name, count in pairs:
        totals[str(name)] += count
    return dict(totals)


def suppress_small(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts that are safe to publish, largest first; suppress any under 10.

    If the suppressed counts add up to less than 10, anybody who knows the total could work them out, so suppress the
    smallest of the others as well.
    """
    kept = {name: count for name, count in counts.items() if count >= MIN_SHOWN}
    suppressed = sum(counts.values()) - sum(kept.values())
    while kept and 0 < suppressed < MIN_SHOWN:
        suppressed += kept.pop(min(kept, key=lambda name: kept[name]))
    return _largest_first(kept)


def _largest_first(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
