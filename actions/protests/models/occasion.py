"""Occasions: the single dates of a protest, with times by the clock of its place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from campaign.text.times import day_in_words, moment_in_words, time_in_words, times_in_words

if TYPE_CHECKING:
    from actions.protests.models.change import ProtestChange
    from actions.protests.models.place import Place
    from actions.protests.models.protest import Protest


@dataclass(frozen=True)
class Occasion:
    """One date of a protest, with aware times: if it was moved, the new ones.

    `on` is its usual date, which stays the same when it is moved: with the protest, it identifies the occasion.
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

    @property
    def day(self) -> str:
        """The day on which it starts, such as "Tuesday 1 December 2026"."""
        return day_in_words(self.starts)

    @property
    def times(self) -> str:
        """The times, such as "6pm to 7pm"; the end has its day too if that is another one."""
        if self.starts.date() == self.ends.date():
            return times_in_words(self.starts, self.ends)
        ends = moment_in_words(self.ends)
        return gettext("%(start)s to %(end)s") % {"start": time_in_words(self.starts), "end": ends}

    @property
    def when(self) -> str:
        """The day and the times, such as "Tuesday 1 December 2026, 6pm to 7pm"."""
        return gettext("%(day)s, %(time)s") % {"day": self.day, "time": self.times}

    @property
    def usual(self) -> "Occasion":
        """The occasion as it would usually be, neither cancelled nor moved."""
        return self.protest.usual_occasion(self.on) or self

    @property
    def has_new_time(self) -> bool:
        """Whether it was moved to another day or time."""
        return self.moved and (self.starts, self.ends) != (self.usual.starts, self.usual.ends)

    @property
    def has_new_place(self) -> bool:
        """Whether it was moved to another place."""
        return self.moved and self.place != self.usual.place


def span(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when something starts and ends on a day, by the clock of a time zone.

    A time that the clock shows twice is the first of the two. A time that it skips counts from before the clock
    changes, so 2:30am becomes 3:30am (RFC 5545, 3.3.5). If it would then end before it starts, it lasts as long as
    planned. Raises OverflowError near the years 1 and 9999.
    """
    starts, ends = _moment(day, start, zone), _moment(day, end, zone)
    return starts, ends if ends > starts else later(starts, length(start, end))


def later(moment: datetime, by: timedelta) -> datetime:
    """Return the moment (aware) that is `by` later, even if the clocks change meanwhile."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def length(start: time, end: time) -> timedelta:
    """Return the time from `start` to `end` on one day."""
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)
