"""Occasions: the dates of a protest, with times in the local time of its place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from campaign.text.times import MIDNIGHT, day_in_words, moment_in_words, span_in_words, times_in_words

if TYPE_CHECKING:
    from actions.protests.models.change import ProtestChange
    from actions.protests.models.place import Place
    from actions.protests.models.protest import Protest

ONE_DAY = timedelta(days=1)
# If a protest that ends on the next day is longer than this, its end is probably a slip, such as "6pm to 7am" for "6pm
# to 7pm".
MAX_PAST_MIDNIGHT = timedelta(hours=12)
WRONG_END = _("The end must be after the start. A protest that continues past midnight can last 12 hours at most.")


@dataclass(frozen=True)
class Occasion:
    """One date of a protest. Its times are aware, and are the new ones if it has been moved.

    `on` is its regular date, which stays the same when it is moved: together with the protest, it identifies the
    occasion.
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
        """Return the day on which it starts, such as "Tuesday 1 December 2026"."""
        return day_in_words(self.starts)

    @property
    def times(self) -> str:
        """Return the times, such as "6pm to 7pm", or "10pm to 1am" if it continues past midnight."""
        return times_in_words(self.starts, self.ends)

    @property
    def when(self) -> str:
        """Return the day and the times, such as "Tuesday 1 December 2026, 6pm to 7pm"."""
        return span_in_words(self.starts, self.ends)

    @property
    def usual(self) -> "Occasion":
        """Return the occasion as it would be if it had been neither cancelled nor moved."""
        return self.protest.usual_occasion(self.on) or self

    @property
    def has_new_time(self) -> bool:
        """Return whether it was moved to another day or time."""
        return self.moved and (self.starts, self.ends) != (self.usual.starts, self.usual.ends)

    @property
    def has_new_place(self) -> bool:
        """Return whether it was moved to another place."""
        return self.moved and self.place != self.usual.place


def span(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the start and end of something that starts on a day, in a time zone's local time.

    An end that isn't after the start is on the next day. If the clock shows a time twice, the first one counts. If the
    clock skips a time, it is read in the local time before the change, so 2:30am becomes 3:30am (RFC 5545, 3.3.5). If
    that would put the end before the start, the planned length is kept. Raises OverflowError near the years 1 and 9999.
    """
    end_day = day if end > start else day + ONE_DAY
    starts, ends = _moment(day, start, zone), _moment(end_day, end, zone)
    return starts, ends if ends > starts else later(starts, length(start, end))


def later(moment: datetime, by: timedelta) -> datetime:
    """Return the moment (aware) that is `by` later, even if the clocks change in between."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def length(start: time, end: time) -> timedelta:
    """Return the time from `start` to the next `end` by the clock: less than 24 hours, or 0 if they are the same."""
    return (datetime.combine(date.min, end) - datetime.combine(date.min, start)) % ONE_DAY


def is_possible(start: time, end: time) -> bool:
    """Return whether a protest can take place from `start` to `end`, which may be at midnight or on the next day."""
    if end > start or start != end == MIDNIGHT:
        return True
    return timedelta() < length(start, end) <= MAX_PAST_MIDNIGHT


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)
