"""Charts to draw as SVG: a line of counts over time, and bars that compare counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 240
MAX_POINTS = 400
BAR_WIDTH = 100
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Chart:
    """The parts of a chart: `line` for <polyline points>, axis marks (height, number), and the first and last day."""

    line: str
    marks: list[tuple[float, int]]
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT


def draw(days: Sequence[tuple[date, int]]) -> Chart | None:
    """Return a chart of the count on each day, oldest first; None for fewer than two days, which make no line."""
    if len(days) < 2:
        return None
    every = -(-len(days) // MAX_POINTS)
    kept = [*days[:-1:every], days[-1]]
    first, last = kept[0][0], kept[-1][0]
    top = _round_up(max(count for _day, count in kept))
    span = (last - first).days
    points = ((WIDTH * (day - first).days / span, HEIGHT * (1 - count / top)) for day, count in kept)
    line = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
    marks = [(HEIGHT * (1 - part / 2), top * part // 2) for part in range(3)]
    return Chart(line, marks, first, last)


@dataclass(frozen=True)
class Bar:
    """One row of a table with bars: its label, its count, and the length of its bar out of `BAR_WIDTH`."""

    label: str
    count: int
    length: float


def bars(rows: Iterable[tuple[str, int]], whole: int | None = None) -> list[Bar]:
    """Return a bar for each label and count, in the same order.

    A count of `whole` fills the width, or the largest count if `whole` is None.
    """
    counted = list(rows)
    top = max([count for _label, count in counted], default=0) if whole is None else whole
    return [Bar(label, count, round(BAR_WIDTH * min(count / top, 1), 1) if top else 0) for label, count in counted]


def _round_up(count: int) -> int:
    """Round up to 2, 4 or 10 followed by noughts, so that the axis has round numbers: 1,234 becomes 2,000."""
    size = 2
    while True:
        for step in STEPS:
            if size * step >= count:
                return size * step
        size *= 10
