"""Drawing the map: turning publishable counts into SVG paths, a sentence and a table.

Suppressed counts never reach this module. All constituencies without a published count look the same: the count may be
0 or 9, or suppressed because it would reveal another.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from campaign.places.areas import AreaCounts, area_name, area_of
from campaign.places.hexes.layout import Cell, Layout
from campaign.places.hexes.outlines import HALF_WIDTH, ROW, SIDE, hexagons, middle, outline
from campaign.places.hexes.shades import SIZES, Shade, shade_of, shades
from campaign.places.models import Place

MARGIN = 4
FULL = SIZES[-1]
Cells = dict[str, Cell]  # by the constituency's code
Numbers = dict[str, int]


@dataclass(frozen=True)
class Shaded:
    """All hexagons of one shade: their path, and how many there are."""

    shade: Shade
    path: str
    areas: int

    @property
    def swatch(self) -> str:
        """Return the path of one hexagon of this shade, around (0, 0), for the legend."""
        return hexagons([(0, 0)], self.shade.size, is_turned=False)


@dataclass(frozen=True)
class Group:
    """A nation or region: its name, the place of its label, its published count, and those of its constituencies."""

    name: str
    label: tuple[int, int] | None
    count: int | None
    rows: list[tuple[str, int]]


@dataclass(frozen=True)
class HexMap:
    """The parts of the map: `view_box`, the paths of cells, shades and outlines, and the numbers for the table."""

    view_box: str
    cells: str
    outlines: str
    shades: list[Shaded]
    groups: list[Group]
    areas: int
    largest: list[tuple[str, int]]

    @property
    def swatch(self) -> str:
        """Return the path of an empty cell, around (0, 0), for the legend."""
        return hexagons([(0, 0)], FULL, is_turned=False)

    @property
    def shown(self) -> int:
        """Return how many constituencies have a published count."""
        return len(self.largest)

    @property
    def tables(self) -> list[Group]:
        """Return the groups with something to show in the table."""
        return [group for group in self.groups if group.rows or group.count]


def draw(places: Collection[Place], counts: AreaCounts, layout: Layout) -> HexMap | None:
    """Return the map of some constituencies with their published counts, or None if no count is published.

    A constituency without a cell, such as one that is newer than the layout, appears only in the table.
    """
    if not counts.constituencies:
        return None
    cells = {place.code: layout.cells[place.code] for place in places if place.code in layout.cells}
    numbers = {place.code: count for place, count in counts.constituencies.items()}
    members: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(places, key=lambda place: place.name):
        members[area_of(place)].append(place)
    turned = layout.is_turned
    totals = counts.nations | counts.regions
    groups = [_group(area_name(area), group, totals, numbers, cells, turned) for area, group in members.items()]
    return HexMap(
        view_box=_view_box(cells.values(), turned),
        cells=hexagons(cells.values(), FULL, turned),
        outlines="".join(outline(_drawn(group, cells), turned) for group in members.values()),
        shades=_shaded(cells, numbers, turned),
        groups=sorted(groups, key=lambda group: group.name),
        areas=len(places),
        largest=[(place.name, count) for place, count in counts.constituencies.items()],
    )


def _view_box(cells: Iterable[Cell], is_turned: bool) -> str:
    """Return the `viewBox` around all cells."""
    width = max((across for across, _down in cells), default=0) * HALF_WIDTH + 2 * (HALF_WIDTH + MARGIN)
    height = max((down for _across, down in cells), default=0) * ROW + 2 * (SIDE + MARGIN)
    left, top = -HALF_WIDTH - MARGIN, -SIDE - MARGIN
    return f"{top} {left} {height} {width}" if is_turned else f"{left} {top} {width} {height}"


def _shaded(cells: Cells, numbers: Numbers, is_turned: bool) -> list[Shaded]:
    steps = shades(max(numbers.values()))
    found: dict[Shade, list[Cell]] = {step: [] for step in steps}
    for code, cell in cells.items():
        if code in numbers:
            found[shade_of(numbers[code], steps)].append(cell)
    return [Shaded(step, hexagons(found[step], step.size, is_turned), len(found[step])) for step in steps]


def _group(
    name: str, places: list[Place], totals: dict[str, int], numbers: Numbers, cells: Cells, is_turned: bool
) -> Group:
    rows = [(place.name, numbers[place.code]) for place in places if place.code in numbers]
    drawn = _drawn(places, cells)
    return Group(name, middle(drawn, is_turned) if drawn else None, totals.get(name), rows)


def _drawn(places: list[Place], cells: Cells) -> list[Cell]:
    return [cells[place.code] for place in places if place.code in cells]
