"""What anybody can work out about hidden counts from the published ones."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from campaign.places.areas import AreaCounts, area_name
from campaign.places.models import Place

WIDTH = 9  # a published count is up to this much lower than the exact one


@dataclass
class Node:
    """A place: the least and the most that its count can be, and the places in it."""

    low: float = 0
    high: float = inf
    parts: list["Node"] = field(default_factory=list)

    def narrow(self, low, high):
        self.low, self.high = max(self.low, low), min(self.high, high)

    def add_up(self):
        """Narrow each place to the sum of its parts."""
        for part in self.parts:
            part.add_up()
        if self.parts:
            self.narrow(sum(part.low for part in self.parts), sum(part.high for part in self.parts))

    def subtract(self):
        """Narrow each part to what its place leaves when the other parts are subtracted."""
        for part in self.parts:
            others = [other for other in self.parts if other is not part]
            part.narrow(self.low - sum(one.high for one in others), self.high - sum(one.low for one in others))
        for part in self.parts:
            part.subtract()


def published(count):
    return Node() if count is None else Node(count, count + WIDTH)


def worked_out(places: list[Place], areas: AreaCounts, total: int) -> Mapping[str, Node]:
    """Return the bounds of every place, by its name. These are the tightest, since the sums form a tree."""
    found: dict[str, Node] = {place.name: published(areas.constituencies.get(place)) for place in places}
    groups: dict[str, list[Node]] = defaultdict(list)
    for place in places:
        groups[place.region or area_name(place.nation)].append(found[place.name])
    regions = {place.region for place in places if place.region}
    for region in regions:
        found[region] = published(areas.regions.get(region))
        found[region].parts = groups[region]
    for nation in {place.nation for place in places}:
        name = area_name(nation)
        inside = [found[region] for region in regions] if nation == "E" else groups[name]
        found[name] = published(areas.nations.get(name))
        found[name].parts = inside
    nations = [found[area_name(nation)] for nation in {place.nation for place in places}]
    root = Node(total, total, [*nations, Node()])  # the last: people without a constituency
    root.add_up()
    root.subtract()
    return found
