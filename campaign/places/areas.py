"""Counts by nation, region and constituency that are safe to publish. Small ones are suppressed, and others rounded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from campaign.places.models import Constituency, Place
from campaign.small_numbers import in_tens, largest_first, suppress_small


@dataclass(frozen=True)
class AreaCounts:
    """Counts that are safe to publish, rounded down to tens, by nation's name, by region's name and by constituency."""

    nations: dict[str, int]
    regions: dict[str, int]
    constituencies: dict[Place, int]

    def by_name(self) -> dict[str, dict[str, int]]:
        """Return the three sets of counts. Each is by name, largest first."""
        names = {place.name: count for place, count in self.constituencies.items()}
        return {"nations": self.nations, "regions": self.regions, "constituencies": names}


def publishable(counts: Mapping[Place, int], total: int = 0) -> AreaCounts:
    """Return the counts that are safe to publish, rounded down to tens.

    Pass the count of every constituency, 0 as well. `total` also counts people whose constituency isn't known. Counts
    under 10 are suppressed, and so are any that would reveal them. The others are rounded. Otherwise, if a
    constituency's count and the total both rose by one, people who watch both would learn where somebody just acted.
    """
    elsewhere = max(0, total - sum(counts.values()))
    nations = suppress_small(_totals((place.nation, count) for place, count in counts.items()), elsewhere)
    shown = {place: count for place, count in counts.items() if place.nation in nations}
    regions: dict[str, int] = {}
    if Constituency.Nation.ENGLAND in nations:
        regions = suppress_small(_totals((place.region, count) for place, count in shown.items() if place.region))
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for place, count in shown.items():
        if not place.region or place.region in regions:
            groups[area_of(place)][place.code] = count
    safe = {code: in_tens(count) for group in groups.values() for code, count in suppress_small(group).items()}
    places = sorted((place for place in shown if place.code in safe), key=lambda place: (-safe[place.code], place.name))
    nations = {area_name(nation): count for nation, count in nations.items()}
    return AreaCounts(_all_in_tens(nations), _all_in_tens(regions), {place: safe[place.code] for place in places})


def area_of(place: Place) -> str:
    """Return a constituency's region, or the letter of its nation if it has no region or we don't know the region."""
    return place.region or place.nation


def area_name(area: str) -> str:
    """Return the name of what `area_of` returns."""
    return str(Constituency.Nation(area).label) if area in Constituency.Nation.values else area


def _all_in_tens(counts: dict[str, int]) -> dict[str, int]:
    return largest_first({name: in_tens(count) for name, count in counts.items()})


def _totals(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the sum of the numbers for each name."""
    totals: Counter[str] = Counter()
    for name, count in pairs:
        totals[name] += count
    return dict(totals)
