"""The dates that a protest's page shows: the next one, earlier ones that are off, and later ones."""

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
    """A protest's dates to show at one moment, with each list in order.

    `off` contains the regular dates before `next_date` on which nobody meets, because they have been cancelled or
    moved. `following` contains the other dates to come, some of which may be cancelled. `occasions` contains all the
    dates to come.
    """

    protest: Protest
    occasions: list[Occasion]
    next_date: Occasion | None
    off: list[Occasion]
    following: list[Occasion]

    @property
    def places(self) -> list[Place]:
        """Return the places of up to MAX_PLACES dates that aren't cancelled, in date order."""
        places = {one.place: None for one in self.occasions if not one.cancelled}
        return list(places)[:MAX_PLACES]

    @property
    def rules(self) -> list[str]:
        """Return the schedules to come, in words, or none if any lists single dates: those may be cancelled."""
        schedules = self.protest.schedules_to_come()
        single = any(schedule.repeats == Schedule.Repeats.DATES for schedule in schedules)
        return [] if single else self.protest.schedules_in_words

    @property
    def is_single(self) -> bool:
        """Return whether the page shows the next date and no other."""
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
    """Return when a page made at `now` goes out of date, as its first date ends, or None if it shows no dates."""
    occasions = [one for shown in agendas for one in [*shown.occasions, *shown.off]]
    ends = (end for one in occasions for end in (one.ends, one.usual.ends) if end > now)
    return min(ends, default=None)


def _held_early(protest: Protest, now: datetime) -> list[Occasion]:
    """Return dates that were moved to an earlier time and are over. People may still turn up at the usual time."""
    since = now.date() - timedelta(days=1)  # it may still be yesterday where the protest is
    changes = [change for change in protest.changes.all() if change.on >= since]
    moved = [change.on for change in changes if change.kind == ProtestChange.Kind.MOVED]
    occasions = filter(None, map(protest.occasion, moved))
    return [one for one in occasions if one.ends <= now < one.usual.ends]


def _is_off(one: Occasion, coming: Occasion | None) -> bool:
    """Return whether a date before the next one has been cancelled, or moved to after it."""
    if coming is None or one.cancelled:
        return one.cancelled and (coming is None or one.starts <= coming.starts)
    return one.usual.starts <= coming.starts < one.starts
