"""Charts to draw as SVG: a line of counts over time, and bars that compare counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 640, 240
MAX_POINTS = 400
BAR_WIDTH = 100
STEPS = (1, 2, 5)
MAX_TICKS = 4  # as many as fit side by side on the narrowest phone
MAX_DAYS = 14
MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600)
EDGE = 12  # per cent of the width: if a date were centred closer to an edge than this, it would stick out


@dataclass(frozen=True)
class Tick:
    """A round date on the horizontal axis: its distance from the left in per cent of the width, and its label."""

    day: date
    across: float
    day_format: str

    @property
    def anchor(self) -> str:
        """Return the value of `text-anchor` that keeps the date inside the chart."""
        return "start" if self.across < EDGE else "end" if self.across > 100 - EDGE else "middle"


@dataclass(frozen=True)
class Chart:
    """The parts of a chart: `line` for <polyline points>, axis marks (height, number), and the first and last day."""

    line: str
    marks: list[tuple[float, int]]
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT
    first_count: int = 0
    last_count: int = 0

    @property
    def scale(self) -> list[tuple[float, int]]:
        """Return the axis marks, each with its distance from the top in per cent of the height."""
        return [(100 * down / self.height, number) for down, number in self.marks]

    @property
    def end(self) -> float:
        """Return the distance from the top to the end of the line, in per cent of the height."""
        return 100 * (1 - self.last_count / self.marks[-1][1])

    @property
    def ticks(self) -> list[Tick]:
        """Return up to four round dates: first days of years, quarters or months, or else Mondays or single days."""
        days, day_format = _round_dates(self.first, self.last)
        span = (self.last - self.first).days
        return [Tick(day, round(100 * (day - self.first).days / span, 2), day_format) for day in days]


def draw(days: Sequence[tuple[date, int]]) -> Chart | None:
    """Return a chart of the count on each day, oldest first, or None for fewer than two days, which make no line."""
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
    return Chart(line, marks, first, last, first_count=kept[0][1], last_count=kept[-1][1])


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


def _round_dates(first: date, last: date) -> tuple[list[date], str]:
    """Return the round dates of the first kind that fits, and the format of their labels."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if len(days) <= MAX_DAYS:
        return _few(days), "j M"
    firsts = [day for day in days if day.day == 1]
    for months in MONTHS:
        kept = [day for day in firsts if (day.year * 12 + day.month - 1) % months == 0]
        if len(kept) <= MAX_TICKS:
            break
    if len(kept) < 2:  # such as six weeks with only one first day of a month
        return _few([day for day in days if day.weekday() == 0]), "j M"
    return kept, "Y" if months >= 12 else "M Y"


def _few(days: list[date]) -> list[date]:
    """Return every day, or every second or third and so on, so that they all fit."""
    return days[:: -(-len(days) // MAX_TICKS)]
