"""Hexagons, and outlines around groups of them, as data for `<path d>`."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from campaign.places.hexes.layout import Cell

# The corners of a hexagon, as distances from its centre, clockwise from the top. Whole numbers take fewer bytes. They
# make the hexagon one per cent wider than a regular one.
HALF_WIDTH, SIDE = 14, 16
ROW = SIDE * 3 // 2
Point = tuple[float, float]
CORNERS: list[Point] = [(0, -16), (14, -8), (14, 8), (0, 16), (-14, 8), (-14, -8)]
# The neighbour across the side that begins at each corner.
NEIGHBOURS = [(1, -1), (2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1)]


def centre(cell: Cell) -> Point:
    """Return the centre of a cell."""
    return cell[0] * HALF_WIDTH, cell[1] * ROW


def hexagons(cells: Iterable[Cell], size: float, is_turned: bool) -> str:
    """Return a path with a hexagon in the middle of each cell. A hexagon of `size` 1 fills its cell."""
    corners = [(across * size, down * size) for across, down in CORNERS]
    sides = _sides(corners, is_turned)  # the same text each time, so that it compresses well
    top = corners[0][1]
    middles = map(centre, sorted(cells, key=lambda cell: (cell[1], cell[0])))
    return "".join(f"M{_pair(across, down + top, is_turned)}{sides}" for across, down in middles)


def outline(cells: Iterable[Cell], is_turned: bool) -> str:
    """Return a path around these cells: a closed line for each part, and another for each hole."""
    following = _border(set(cells))
    path = []
    while following:
        corners = list(following.popitem())
        while corners[-1] != corners[0]:
            corners.append(following.pop(corners[-1]))
        path.append(f"M{_pair(*corners[0], is_turned)}{_sides(corners[:-1], is_turned)}")
    return "".join(path)


def middle(cells: Sequence[Cell], is_turned: bool) -> tuple[int, int]:
    """Return the mean of the cells' centres."""
    across = round(sum(cell[0] for cell in cells) * HALF_WIDTH / len(cells))
    down = round(sum(cell[1] for cell in cells) * ROW / len(cells))
    return (down, across) if is_turned else (across, down)


def _border(cells: set[Cell]) -> dict[Point, Point]:
    """Return the sides between these cells and all others, clockwise: the second corner of each side by its first.

    Three cells meet at a corner, so at most one side of the border begins there.
    """
    following = {}
    for across, down in sorted(cells):
        middle_across, middle_down = centre((across, down))
        for number, (right, below) in enumerate(NEIGHBOURS):
            if (across + right, down + below) not in cells:
                start, end = CORNERS[number], CORNERS[(number + 1) % len(CORNERS)]
                following[middle_across + start[0], middle_down + start[1]] = (
                    middle_across + end[0],
                    middle_down + end[1],
                )
    return following


def _sides(corners: Sequence[Point], is_turned: bool) -> str:
    """Return lines that join these corners and lead back to the first, in relative coordinates."""
    lines = [_pair(end[0] - start[0], end[1] - start[1], is_turned) for start, end in pairwise(corners)]
    return f"l{' '.join(lines).replace(' -', '-')}z"


def _pair(across: float, down: float, is_turned: bool) -> str:
    first, second = (down, across) if is_turned else (across, down)
    return f"{first:.5g} {second:.5g}".replace(" -", "-")
