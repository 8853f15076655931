"""The dates that pages show of a protest: the next one, dates before it that are off, and the following ones."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from actions.protests.models import Occasion, Place, Protest, ProtestChange, Schedule

MAX_DATES = 10
MAX_OFF = 3
MAX_PLACES = 3


@dataclass(frozen=True)
class Agenda:
    """The dates of a protest to show at one moment, each list in order.

    On the dates that are `off`, nobody meets before `next_date`, although it is usual: they are cancelled, or moved to
    a time after it. Some of `following` may be cancelled too.
    """

    protest: Protest
    next_date: Occasion | None
    off: list[Occasion]
    following: list[Occasion]

    @property
    def occasions(self) -> list[Occasion]:
        """All the dates, in order of start."""
        shown = [*self.off, *filter(None, [self.next_date]), *self.following]
        return sorted(shown, key=lambda one: one.starts)

    @property
    def places(self) -> list[Place]:
        """The places of the dates that aren't cancelled, in order of date, at most MAX_PLACES."""
        places = {one.place: None for one in self.occasions if not one.cancelled}
        return list(places)[:MAX_PLACES]

    @property
    def rules(self) -> list[str]:
        """The rules of a series in words. Empty if any are single dates, of which some could be cancelled."""
        schedules = self.protest.schedules_to_come()
        single = any(schedule.repeats == Schedule.Repeats.DATES for schedule in schedules)
        return [] if single else self.protest.schedules_in_words

    @property
    def is_single(self) -> bool:
        """Whether no other date is shown but the next one."""
        return not self.following


def agenda(protest: Protest, now: datetime, count: int = MAX_DATES) -> Agenda:
    """Return the agenda of a protest loaded `with_dates`: the next `count` dates from `now` (aware).

    The next date that isn't cancelled is always among them, even if more than `count` dates before it are cancelled.
    """
    dates = protest.dates(now, count)
    coming = next((one for one in dates if not one.cancelled), None) or protest.next_date(now)
    held = _held_early(protest, now)
    off = (held + [one for one in dates if _is_off(one, coming)])[:MAX_OFF]
    following = [one for one in dates if one != coming and one not in off]
    return Agenda(protest, coming, off, following)


def in_order(read: Iterable[tuple[Protest, Agenda]]) -> list[Agenda]:
    """Return the agendas of many protests in order of their next dates; those without one come last."""
    agendas = [shown for _protest, shown in read]
    return sorted(agendas, key=lambda shown: shown.next_date.starts.timestamp() if shown.next_date else math.inf)


def outdated_at(agendas: Iterable[Agenda], now: datetime) -> datetime | None:
    """Return when the first of the dates shown ends, so that a page of `now` is outdated. None without dates."""
    occasions = [one for shown in agendas for one in shown.occasions]
    ends = (end for one in occasions for end in (one.ends, one.usual.ends) if end > now)
    return min(ends, default=None)


def _held_early(protest: Protest, now: datetime) -> list[Occasion]:
    """Return the dates that were moved to an earlier time, and have ended, although people may still come as usual."""
    moved = [change.on for change in protest.changes.all() if change.kind == ProtestChange.Kind.MOVED]
    occasions = filter(None, map(protest.occasion, moved))
    return [one for one in occasions if one.ends <= now < one.usual.ends]


def _is_off(one: Occasion, coming: Occasion | None) -> bool:
    """Return whether a date to come is no longer held at its usual time, before the next date."""
    if coming is None or one.cancelled:
        return one.cancelled and (coming is None or one.starts <= coming.starts)
    return one.usual.starts <= coming.starts < one.starts
