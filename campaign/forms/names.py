"""Names as people type them, made safe to keep and to show."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.text.invisible import without_invisible, without_stacked_marks

# Composing letters and their marks takes time proportional to the square of their number: half an hour for 2 MB.
MAX_TIDIED = 1000
LETTERS = ("Lu", "Ll", "Lt", "Lo")
NOT_A_NAME = re.compile(r"https?:|www\.|[@<>{}\[\]\\]")


def tidy(text: str) -> str:
    """Return the name in NFC, with single spaces, and without invisible characters or stacked marks.

    Invisible characters include those that change the text direction, with which a name could rearrange the text around
    it.
    """
    spaced = " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co") else c for c in text).split())
    visible = unicodedata.normalize("NFC", without_invisible(spaced))
    return " ".join(unicodedata.normalize("NFC", without_stacked_marks(visible)).split())


def is_a_name(text: str) -> bool:
    """Return whether the text contains a letter but no web address, e-mail address or markup.

    Modifier letters, such as the Arabic tatweel, don't count: a name of nothing else can't be read.
    """
    ordinary = unicodedata.normalize("NFKC", text)
    return any(unicodedata.category(c) in LETTERS for c in text) and not NOT_A_NAME.search(ordinary)


class TidyField(forms.CharField):
    """A line of text, from which control characters and invisible ones are removed.

    Text over 1,000 characters is left unchanged, for `max_length` to refuse.
    """

    default_error_messages = {"max_length": _("Use at most %(limit_value)d characters")}

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return tidy(text) if len(text) <= MAX_TIDIED else text


class NameField(TidyField):
    """A name, tidied. Text that isn't one is refused, and so is a null character, as in any other field."""

    default_error_messages = {"not_a_name": _("Enter a name, without a web address")}

    def to_python(self, value: Any) -> str:
        return value if isinstance(value, str) and "\0" in value else super().to_python(value)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not is_a_name(text):
            raise ValidationError(self.error_messages["not_a_name"], code="not_a_name")
        return text
