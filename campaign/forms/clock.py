"""An input for a time of day, which understands "6pm"."""

import re
from datetime import time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTimeWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaign.text.times import time_in_words

NAMED = {
    **dict.fromkeys(["midnight", "12 midnight"], time(0)),
    **dict.fromkeys(["midday", "noon", "12 midday", "12 noon"], time(12)),
}
# "6pm", "6.30 p.m.", "18:30", "18.30", "18h30", "18:30:00".
CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h ]([0-9]{2})(?::[0-9]{2})?)?\s*([ap]\.?m\.?)?")


def parse_clock(text: str) -> time:
    """Return the time that somebody typed. Raises ValidationError, with an example, if it isn't clear.

    A single-digit hour without "am" or "pm" is unclear, because "6:30" may mean the evening.
    """
    typed = " ".join(text.lower().split())
    if typed in NAMED:
        return NAMED[typed]
    found = CLOCK.fullmatch(typed)
    if not found:
        raise ValidationError(_("Enter a time such as 6pm, 6:30pm or 18:30."), code="invalid")
    half = (found[3] or "").replace(".", "")
    if not half and (found[2] is None or len(found[1]) == 1):
        raise ValidationError(_unclear(found[1], found[2]), code="unclear")
    hour, minute = int(found[1]), int(found[2] or 0)
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise ValidationError(_("There is no such time. Enter one such as 6pm, 6:30pm or 18:30."), code="invalid")
    return time(hour % 12 + (12 if half == "pm" else 0), minute) if half else time(hour, minute)


def _unclear(hour: str, minute: str | None) -> str:
    """Return the error for a time that could be in the morning or in the evening."""
    if hour == "12":
        return _("Is that midday or midnight? Enter the word that you mean.")
    if not 1 <= int(hour) <= 11:
        return _("Enter a time such as 6pm, 6:30pm or 18:30.")
    clock = f"{int(hour)}:{minute}" if minute else str(int(hour))
    return _("Is that in the morning or in the evening? Enter %(clock)sam or %(clock)spm.") % {"clock": clock}


class ClockInput(AdminTimeWidget):
    """A text box for a time, which shows "6:30pm"."""

    def format_value(self, value: Any) -> str | None:
        return time_in_words(value) if isinstance(value, time) else super().format_value(value)


class ClockField(forms.TimeField):
    """A time of day as people type it, such as "6pm", "6.30pm", "18:30" or "noon"."""

    widget = ClockInput

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, time) else parse_clock(str(value))
