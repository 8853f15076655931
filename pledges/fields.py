"""Fields that several forms of the pledge have."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.email_addresses.fields import EmailAddressFormField
from campaign.privacy.names import NameField
from pledges.models import Signature

LONGEST_NAME = 100
LONGEST_TOWN = 60

COUNTRIES = frozenset(countries.countries)
format_html_lazy: Any = lazy(format_html, SafeString)


def choice(label: Any, hint: Any) -> Any:
    """A choice with a line under it that says what it means."""
    return format_html_lazy('{} <span class="hint">{}</span>', label, hint)


# Choices are given to the form by functions: a list would be copied, deeply, for every form.
KINDS = [
    (Signature.Kind.PERSON, _("For myself")),
    (Signature.Kind.ORGANISATION, _("For an organisation")),
]
DISPLAYS = [
    (Signature.Display.FULL, _("My whole name")),
    (Signature.Display.INITIAL, _("First name and initial, such as Hannah G.")),
]
VISIBILITIES = [
    (
        Signature.Visibility.PUBLIC,
        choice(
            _("Public"),
            _("Your name is shown in the list. Anyone can see it, in any country, for ever."),
        ),
    ),
    (
        Signature.Visibility.PRIVATE,
        choice(
            _("Private"),
            _("Only the organisers can read your name. It may be given with the pledge to those it asks."),
        ),
    ),
    (
        Signature.Visibility.COUNT,
        choice(
            _("Count me only"),
            _("We erase your name and e-mail address as soon as you confirm. You add one to the count."),
        ),
    ),
]


def name_field() -> NameField:
    """The box for a full name."""
    return NameField(
        label=_("Full name"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": _("Enter your full name"),
            "not_a_name": _("Enter your name as you would write it in a letter"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )


def address_field(**more: Any) -> EmailAddressFormField:
    """The box for an e-mail address."""
    return EmailAddressFormField(
        label=_("E-mail address"),
        error_messages={"required": _("Enter your e-mail address")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        **more,
    )


def visibility_field() -> forms.ChoiceField:
    """The choice of how a name is held, with the warning beside it."""
    return forms.ChoiceField(
        label=_("How we hold your name"),
        choices=lambda: VISIBILITIES,
        initial=Signature.Visibility.PRIVATE,
        help_text=format_html_lazy(
            '<strong class="warning">{}</strong> {}',
            _("If you or your family could be put at risk, do not choose Public."),
            _("Public names can be read and copied anywhere, by anyone."),
        ),
        error_messages={"required": _("Choose how we hold your name")},
        widget=forms.RadioSelect,
    )


def display_field() -> forms.ChoiceField:
    """The choice of how a public name is written. Whoever says nothing is shown as they signed."""
    return forms.ChoiceField(
        label=_("In the public list, show"),
        choices=lambda: DISPLAYS,
        initial=Signature.Display.FULL,
        required=False,
        widget=forms.RadioSelect,
    )


def town_field() -> NameField:
    """The box for a town beside a public name."""
    return NameField(
        label=_("Town to show beside it (optional)"),
        required=False,
        max_length=LONGEST_TOWN,
        error_messages={"not_a_name": _("Enter the name of a town, or leave it empty")},
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "dir": "auto"}),
    )


class CountryField(forms.ChoiceField):
    """A country of the list, found by its code: reading through the whole list takes a tenth of a signing."""

    def valid_value(self, value: str) -> bool:
        return value in COUNTRIES
