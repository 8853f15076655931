"""Occasions: the single dates of a protest, with times by the clock of its place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from campaign.text.times import moment_in_words

if TYPE_CHECKING:
    from actions.protests.models.change import ProtestChange
    from actions.protests.models.place import Place
    from actions.protests.models.protest import Protest


@dataclass(frozen=True)
class Occasion:
    """One date of a protest, with aware times: if it was moved, the new ones.

    `on` is its usual date, so it stays the same when the date is moved: with the protest, it identifies the occasion.
    """

    protest: "Protest"
    on: date
    starts: datetime
    ends: datetime
    place: "Place"
    cancelled: bool = False
    moved: bool = False
    note: str = ""
    change: "ProtestChange | None" = None

    def __str__(self) -> str:
        return moment_in_words(self.starts)


def span(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when something starts and ends on a day, by the clock of a time zone.

    A time that the clock shows twice is the first of the two. A time that it skips counts from before the clock
    changes, so 2:30am becomes 3:30am (RFC 5545, 3.3.5). If it would then end before it starts, it lasts as long as
    planned. Raises OverflowError near the years 1 and 9999.
    """
    starts, ends = _moment(day, start, zone), _moment(day, end, zone)
    return starts, ends if ends > starts else later(starts, length(start, end))


def later(moment: datetime, by: timedelta) -> datetime:
    """Return the moment (aware) so much time later, even if the clocks change meanwhile."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def length(start: time, end: time) -> timedelta:
    """Return the time from `start` to `end` on one day."""
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)
