"""A form field for names and other single lines of text."""

from typing import Any

from django import forms

from campaign.forms.names import tidy

# Composing letters and their marks takes time that grows with the square of their number: half an hour for 2 MB.
MAX_TIDIED = 1000


class TidyField(forms.CharField):
    """A line of text without control characters, which no keyboard types.

    Text over 1,000 characters is left as it is, for `max_length` to refuse.
    """

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return tidy(text) if len(text) <= MAX_TIDIED else text
