"""Fields that several public forms share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.forms.email_address import EmailAddressFormField
from campaign.forms.names import NameField
from campaign.text.invisible import without_invisible

MAX_NAME = 100
MAX_CHARACTERS = 2000

COUNTRIES = frozenset(countries.countries)
format_html_lazy: Any = lazy(format_html, SafeString)


def choice(label: Any, hint: Any) -> Any:
    """Return a choice's label with a hint below it that says what it means."""
    return format_html_lazy('{} <span class="hint">{}</span>', label, hint)


def name_field(**more: Any) -> NameField:
    """Return the field for a full name."""
    return NameField(
        label=_("Full name"),
        max_length=MAX_NAME,
        error_messages={
            "required": _("Enter your full name"),
            "not_a_name": _("Enter your name as you would write it in a letter"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        **more,
    )


def address_field(**more: Any) -> EmailAddressFormField:
    """Return the field for an e-mail address."""
    return EmailAddressFormField(
        label=_("E-mail address"),
        error_messages={"required": _("Enter your e-mail address")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        **more,
    )


class WordsField(forms.CharField):
    """A text of several lines. A required one must contain visible characters."""

    def __init__(self, *, max_length: int = MAX_CHARACTERS, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 6, "dir": "auto"})
        super().__init__(max_length=max_length, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if self.required and not without_invisible(text).strip():
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class CountryField(forms.ChoiceField):
    """A choice of country, looked up by code: a search of the whole list would make up a tenth of the time to sign."""

    def valid_value(self, value: str) -> bool:
        return value in COUNTRIES
