"""Fields that several public forms share."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.forms.email_address import EmailAddressFormField
from campaign.forms.names import NameField

MAX_NAME = 100

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


class CountryField(forms.ChoiceField):
    """A choice of country, looked up by code: searching the whole list would take a tenth of the time of signing."""

    def valid_value(self, value: str) -> bool:
        return value in COUNTRIES
