"""How a pledge's published count has grown, from the lines of its ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaign.charts import Chart, draw
from pledges.counting.ledger import MAX_LINES, in_steps
from pledges.models import Pledge

Line = tuple[date, int]
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Growth:
    """A chart of the count, its lines (oldest first), and the rise in the 30 days up to the last line."""

    chart: Chart
    lines: Sequence[Line]
    in_last_month: int

    def newest(self, number: int) -> list[Line]:
        """Return up to `number` lines, newest first."""
        return list(self.lines[: -number - 1 : -1])

    @property
    def recent(self) -> list[Line]:
        """Return the ten newest lines, newest first, for the short table."""
        return self.newest(10)


def growth(pledge: Pledge) -> Growth | None:
    """Return how the count has grown, in one query. Return None for fewer than two lines, which make no chart."""
    lines = list(pledge.ledger.values_list("day", "count")[:MAX_LINES])
    chart = draw(in_steps(lines))
    return Growth(chart, lines, _in_last_month(lines)) if chart else None


def _in_last_month(lines: Sequence[Line]) -> int:
    last, now = lines[-1]
    before = next((count for day, count in reversed(lines) if day <= last - MONTH), None)
    return now - before if before is not None else 0
