"""The message that an organiser sees after cancelling, moving or reinstating a date."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from actions.protests.clashes import Clash
from actions.protests.models import Occasion, Protest
from actions.protests.undecided import clashes_of
from campaign.text.times import day_in_words, moment_in_words


@dataclass(frozen=True)
class Outcome:
    """A date of a protest as it is at `now` (aware). Load the protest with `with_dates`."""

    protest: Protest
    on: date
    now: datetime

    @property
    def occasion(self) -> Occasion | None:
        return self.protest.occasion(self.on)

    @property
    def clashes_of_move(self) -> list[Clash]:
        """Return the clashes with a moved date's new time."""
        return clashes_of(self.occasion) if self.occasion and self.occasion.moved else []

    @property
    def in_words(self) -> str:
        """Return two or three sentences: what was decided, whether visitors see it and, if they do, the next date."""
        if not Protest.objects.published().filter(pk=self.protest.pk).exists():
            return " ".join([self._change, _("Visitors don’t see this protest yet.")])
        return " ".join([self._change, _("Visitors see this at once."), self._next])

    @property
    def _change(self) -> str:
        occasion, day = self.occasion, day_in_words(self.on)
        if occasion and occasion.cancelled:
            return _("%(day)s is cancelled.") % {"day": day}
        if occasion and occasion.moved:
            moment, place = moment_in_words(occasion.starts), occasion.place.name
            return _("%(day)s is moved to %(moment)s, %(place)s.") % {"day": day, "moment": moment, "place": place}
        return _("%(day)s takes place as usual.") % {"day": day}

    @property
    def _next(self) -> str:
        following = self.protest.next_date(self.now)
        if following is None:
            return _("No other date is planned.")
        return _("The next date is %(moment)s.") % {"moment": moment_in_words(following.starts)}
