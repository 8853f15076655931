"""What forms of giving ask for in more than one place."""

from typing import Any

from django import forms

from campaign.privacy.names import tidy


class TidyField(forms.CharField):
    """A line of text without control characters, which no keyboard makes."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")
