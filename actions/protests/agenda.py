"""The dates of a protest that pages show: the next one, dates before it that are off, and the following ones."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.protests.models import Occasion, Place, Protest, ProtestChange, Schedule

MAX_DATES = 10
MAX_OFF = 3
MAX_PLACES = 3


@dataclass(frozen=True)
class Agenda:
    """The dates of a protest to show at one moment, each list in order.

    `off` are regular dates before `next_date` on which nobody meets, because they are cancelled or moved. `following`
    are the other dates to come, which may include cancelled ones. `occasions` are all the dates to come.
    """

    protest: Protest
    occasions: list[Occasion]
    next_date: Occasion | None
    off: list[Occasion]
    following: list[Occasion]

    @property
    def places(self) -> list[Place]:
        """The places of the dates that aren't cancelled, in order of date, at most MAX_PLACES."""
        places = {one.place: None for one in self.occasions if not one.cancelled}
        return list(places)[:MAX_PLACES]

    @property
    def rules(self) -> list[str]:
        """The schedules to come in words; none if any lists single dates, because one of its dates may be cancelled."""
        schedules = self.protest.schedules_to_come()
        single = any(schedule.repeats == Schedule.Repeats.DATES for schedule in schedules)
        return [] if single else self.protest.schedules_in_words

    @property
    def is_single(self) -> bool:
        """Whether the next date is the only one shown."""
        return not self.following


def agenda(protest: Protest, now: datetime, count: int = MAX_DATES) -> Agenda:
    """Return a protest's agenda: its next `count` dates from `now` (aware). Load the protest with `with_dates_to_come`.

    The next date that isn't cancelled is always among them, even if more than `count` dates before it are cancelled.
    """
    dates = protest.dates(now, count)
    coming = next((one for one in dates if not one.cancelled), None) or protest.next_date(now)
    occasions = dates if coming is None or coming in dates else [*dates, coming]
    off = [*_held_early(protest, now), *(one for one in dates if _is_off(one, coming))][:MAX_OFF]
    following = [one for one in dates if one != coming and not (one.cancelled and one in off)]
    return Agenda(protest, occasions, coming, off, following)


def in_order(read: Iterable[tuple[Protest, Agenda]]) -> list[Agenda]:
    """Return the agendas of many protests in order of their next dates; those without one come last."""
    agendas = [shown for _protest, shown in read]
    return sorted(agendas, key=lambda shown: shown.next_date.starts.timestamp() if shown.next_date else math.inf)


def outdated_at(agendas: Iterable[Agenda], now: datetime) -> datetime | None:
    """Return when a page of `now` becomes outdated: when the first date on it ends; None if it shows no date."""
    occasions = [one for shown in agendas for one in [*shown.occasions, *shown.off]]
    ends = (end for one in occasions for end in (one.ends, one.usual.ends) if end > now)
    return min(ends, default=None)


def _held_early(protest: Protest, now: datetime) -> list[Occasion]:
    """Return the dates that were moved to an earlier time and are over, although people may still come as usual."""
    since = now.date() - timedelta(days=1)  # where the protest is, it may still be yesterday
    changes = [change for change in protest.changes.all() if change.on >= since]
    moved = [change.on for change in changes if change.kind == ProtestChange.Kind.MOVED]
    occasions = filter(None, map(protest.occasion, moved))
    return [one for one in occasions if one.ends <= now < one.usual.ends]


def _is_off(one: Occasion, coming: Occasion | None) -> bool:
    """Return whether a date is cancelled before the next one, or has been moved from before it to after it."""
    if coming is None or one.cancelled:
        return one.cancelled and (coming is None or one.starts <= coming.starts)
    return one.usual.starts <= coming.starts < one.starts
