"""The date that an organiser has chosen, and what has been decided about it so far."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Self

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from actions.protests.clashes import Clash
from actions.protests.models import Occasion, Protest, ProtestChange, Schedule
from actions.protests.models.periods import schedule_on
from actions.protests.undecided import clashes_of
from campaign.text.times import moment_in_words

# The fields that say what an organiser has decided about a date.
DECIDED = ("kind", "new_on", "new_start", "new_end", "new_place_id", "note")


@dataclass(frozen=True)
class ChosenDate:
    """A regular date of a protest: `occasion` includes any change, and `usual` doesn't."""

    protest: Protest
    schedule: Schedule
    occasion: Occasion
    usual: Occasion

    @classmethod
    def find(cls, protest: Protest, text: str) -> Self | None:
        """Return the regular date that `text` names in ISO 8601, or None if the protest has none on that day."""
        day = _day(text)
        schedule = schedule_on(protest.schedules.all(), day) if day else None
        occasion = protest.occasion(day) if day else None
        if day is None or schedule is None or occasion is None:
            return None
        return cls(protest, schedule, occasion, occasion.usual)

    @property
    def on(self) -> date:
        return self.usual.on

    @property
    def change(self) -> ProtestChange | None:
        return self.occasion.change

    @cached_property
    def clashes(self) -> list[Clash]:
        """Return the clashes of the date at its current time and place."""
        return clashes_of(self.occasion)

    @property
    def version(self) -> str:
        """Return a short code that changes with each decision about the date; "" before the first."""
        return sha256(repr(decided(self.change)).encode()).hexdigest()[:16] if self.change else ""

    @property
    def in_words(self) -> str:
        """Return what has been decided, such as "Tuesday 27 April 2027, 6pm: cancelled (No protest: Passover)"."""
        day = moment_in_words(self.usual.starts)
        if self.occasion.cancelled:
            state = _("cancelled")
        elif self.occasion.moved:
            moment, place = moment_in_words(self.occasion.starts), self.occasion.place.name
            state = _("moved to %(moment)s, %(place)s") % {"moment": moment, "place": place}
        else:
            state = _("takes place as usual")
        note = _(" (%(note)s)") % {"note": self.occasion.note} if self.occasion.note else ""
        return _("%(day)s: %(state)s%(note)s") % {"day": day, "state": state, "note": note}

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended by `now` (aware) and so can no longer be changed."""
        return self.occasion.ends <= now


def decided(change: ProtestChange) -> tuple[object, ...]:
    """Return what has been decided about a date, for comparison with another decision."""
    return tuple(getattr(change, name) for name in DECIDED)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
