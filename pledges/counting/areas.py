"""How many signed in each nation, region and constituency, without saying so where they are few."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaign.places.models import Constituency
from pledges.models import Pledge

MIN_SHOWN = 10


@dataclass
class Areas:
    """What may be told, as names and counts, the largest first."""

    nations: dict[str, int] = field(default_factory=dict)
    regions: dict[str, int] = field(default_factory=dict)
    constituencies: dict[str, int] = field(default_factory=dict)


def by_area(pledge: Pledge) -> Areas:
    """The counts of a pledge by area; areas under 10 are left out, and so is what would give them away."""
    counts = dict(pledge.area_counts.filter(count__gt=0).values_list("area_code", "count"))
    places = Constituency.objects.in_bulk(list(counts))
    nations = suppress_small(sums((places[code].get_nation_display(), counts[code]) for code in places))
    within = [place for place in places.values() if place.get_nation_display() in nations]
    regions: dict[str, int] = {}
    if str(Constituency.Nation.ENGLAND.label) in nations:
        regions = suppress_small(sums((place.region, counts[place.code]) for place in within if place.region))
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for place in within:
        if not place.region or place.region in regions:
            groups[place.region or place.nation][place.name] = counts[place.code]
    constituencies = {name: count for group in groups.values() for name, count in suppress_small(group).items()}
    return Areas(nations, regions, _largest_first(constituencies))


def sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sum of the numbers of each name."""
    found: Counter[str] = Counter()
    for name, count in pairs:
        found[str(name)] += count
    return dict(found)


def suppress_small(counts: dict[str, int]) -> dict[str, int]:
    """Those of the parts of a whole that may be told, the largest first.

    Under 10 are not. Where those left out are under 10 together, whoever knows the whole could reckon them: then the
    smallest of the others is left out as well.
    """
    kept = {name: count for name, count in counts.items() if count >= MIN_SHOWN}
    left_out = sum(counts.values()) - sum(kept.values())
    while kept and 0 < left_out < MIN_SHOWN:
        left_out += kept.pop(min(kept, key=lambda name: kept[name]))
    return _largest_first(kept)


def _largest_first(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
