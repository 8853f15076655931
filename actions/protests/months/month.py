"""Months: their weeks, and the protests on each day."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.protests.clashes import Clash
from actions.protests.models import Occasion, Protest
from actions.protests.undecided import clashes_of
from campaign.text.times import day_in_words, moment_in_words, times_in_words

FIRST_YEAR, LAST_YEAR = 1971, 2198
DECEMBER = 12


@dataclass(frozen=True)
class Entry:
    """A line in a month: an occasion on the day when it takes place, or on the day that it has been moved from."""

    occasion: Occasion
    day: date
    clashes: list[Clash] = field(default_factory=list)
    can_change: bool = False

    @property
    def is_moved_away(self) -> bool:
        """Return whether the occasion was moved from this day to another."""
        return self.day != self.occasion.starts.date()

    @property
    def actions(self) -> list[tuple[str, str]]:
        """Return what an organiser can do about the date: for each action, the name of its page and the link text."""
        found = [] if self.occasion.cancelled else [("admin:protests_protest_cancel_date", _("Cancel…"))]
        found.append(("admin:protests_protest_move_date", _("Move…")))
        if self.occasion.cancelled or self.occasion.moved:
            found.append(("admin:protests_protest_reinstate_date", _("Reinstate…")))
        elif self.clashes and not self.occasion.change:
            found.append(("admin:protests_protest_reinstate_date", _("Keep…")))
        return found if self.can_change else []

    @property
    def times(self) -> str:
        """Return the times, such as "6pm to 7pm", or "" on the day from which it was moved."""
        return "" if self.is_moved_away else times_in_words(self.occasion.starts, self.occasion.ends)

    @property
    def state(self) -> str:
        """Return what an organiser has decided, such as "Cancelled", or "" for nothing."""
        if self.occasion.cancelled:
            return _("Cancelled")
        if self.is_moved_away:
            return _("Moved to %(moment)s") % {"moment": moment_in_words(self.occasion.starts)}
        if self.occasion.moved and self.occasion.on != self.day:
            return _("Moved here from %(day)s") % {"day": day_in_words(self.occasion.on)}
        if self.occasion.moved:
            return _("Moved to another time or place")
        return _("Takes place as usual") if self.occasion.change else ""


@dataclass(frozen=True)
class Day:
    """A day on a month's page, with its entries in order of time. Days of neighbouring months have none."""

    date: date
    in_month: bool
    is_today: bool
    entries: list[Entry]


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def containing(cls, day: date) -> Self:
        """Return the month that contains a day."""
        return cls(day.year, day.month)

    @property
    def is_shown(self) -> bool:
        """Return whether it has a page. Only months in which protests can have dates have one."""
        return FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.month <= DECEMBER

    @cached_property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @cached_property
    def last(self) -> date:
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> Self:
        """Return the month after this one."""
        return type(self)(self.year + self.month // DECEMBER, self.month % DECEMBER + 1)

    @property
    def previous(self) -> Self:
        """Return the month before this one."""
        return self.containing(self.first - timedelta(days=1))

    @property
    def in_words(self) -> str:
        """Return the month and its year, such as "April 2027"."""
        return date_format(self.first, "F Y")

    def entries(self, protest: Protest, now: datetime) -> list[Entry]:
        """Return a protest's entries in this month. Dates that are over at `now` (aware) can't be changed."""
        return list(self._occasions(protest, now)) + list(self._moved_away(protest, now))

    def _occasions(self, protest: Protest, now: datetime) -> Iterator[Entry]:
        for one in protest.occasions(self.first, self.last):
            yield Entry(one, one.starts.date(), [] if one.cancelled else clashes_of(one), one.ends > now)

    def _moved_away(self, protest: Protest, now: datetime) -> Iterator[Entry]:
        """Yield an entry for each regular date in this month whose occasion has been moved to another day."""
        for change in protest.changes.all():
            if self.first <= change.on <= self.last and change.kind == change.Kind.MOVED:
                occasion = protest.occasion(change.on)
                if occasion and occasion.starts.date() != change.on:
                    yield Entry(occasion, change.on, can_change=occasion.ends > now)

    def weeks(self, entries: Iterable[Entry], today: date) -> list[list[Day]]:
        """Return the weeks of the month from Monday to Sunday, with the entries on their days."""
        on: dict[date, list[Entry]] = defaultdict(list)
        for entry in sorted(entries, key=lambda one: (one.is_moved_away, one.occasion.starts)):
            on[entry.day].append(entry)
        return [
            [
                Day(day, day.month == self.month, day == today, on[day] if day.month == self.month else [])
                for day in week
            ]
            for week in Calendar().monthdatescalendar(self.year, self.month)
        ]
