"""An input for a list of dates, as people type them."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WRITTEN_OUT = ("%d %B %Y", "%d %b %Y", "%A %d %B %Y", "%a %d %B %Y", "%a %d %b %Y")
ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)\b")
MAX_ERRORS = 5


def parse_day(text: str) -> date:
    """Return the date that somebody typed, such as "6 December 2026", "Sun 6 Dec 2026" or "06/12/2026".

    Raises ValidationError, with an example, if the text isn't a date.
    """
    typed = ORDINAL.sub(r"\1", " ".join(text.replace(",", " ").split()))
    for form in (*WRITTEN_OUT, *get_format("DATE_INPUT_FORMATS")):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a date has no time zone
        except ValueError:
            continue
    error = _("“%(text)s” is not a date. Enter one on each line, such as 6 December 2026.")
    raise ValidationError(error, code="invalid", params={"text": text[:40]})


class DatesField(forms.CharField):
    """A list of dates, one on each line, as people type them."""

    widget = forms.Textarea
    default_error_messages = {"max_length": gettext_lazy("Enter at most %(max)s dates.")}

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 4, "cols": 30})} | options)

    def prepare_value(self, value: Any) -> Any:
        """Return the dates as text, one on each line, or what was typed."""
        return "\n".join(f"{day:%d %B %Y}".lstrip("0") for day in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the dates in order, each once. Raises ValidationError with every line that isn't a date."""
        if isinstance(value, list):
            return value
        lines = [line.strip(" ,;•-") for line in re.split(r"[\n;]", super().to_python(value) or "")]
        found, errors = set(), []
        for line in filter(None, lines):
            try:
                found.add(parse_day(line))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors[:MAX_ERRORS])
        if len(found) > self.most:
            raise ValidationError(self.error_messages["max_length"], code="max_length", params={"max": self.most})
        return sorted(found)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return sorted(initial or []) != self.to_python(data)
        except ValidationError:
            return True
