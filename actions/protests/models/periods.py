"""The periods in which a protest's schedules are in force, one after the other."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice, pairwise

from actions.protests.models.schedule import Schedule


def periods(schedules: Iterable[Schedule]) -> list[tuple[Schedule, date | None]]:
    """Return the schedules in order, each with the last day on which it is in force, or None for no end."""
    ordered = sorted(schedules, key=lambda one: one.first_on)
    found: list[tuple[Schedule, date | None]] = []
    for schedule, following in pairwise([*ordered, None]):
        if schedule:
            ends = [schedule.last_on, following and following.first_on - timedelta(days=1)]
            found.append((schedule, min((day for day in ends if day), default=None)))
    return found


def regular_days(schedules: Iterable[Schedule], since: date) -> Iterator[tuple[Schedule, date]]:
    """Yield the regular dates from `since` onwards, in order, each with its schedule."""
    for schedule, last in periods(schedules):
        if last is None or last >= since:
            for day in schedule.regular_days(since):
                if last and day > last:
                    break
                yield schedule, day


def schedule_on(schedules: Iterable[Schedule], day: date) -> Schedule | None:
    """Return the schedule that has a regular date on this day, or None if there is none."""
    return next((schedule for schedule, regular in islice(regular_days(schedules, day), 1) if regular == day), None)
