"""Fields that several forms about signatures share."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.forms.email_address import EmailAddressFormField
from campaign.forms.names import NameField
from pledges.models import Signature

MAX_NAME = 100
MAX_TOWN = 60

COUNTRIES = frozenset(countries.countries)
format_html_lazy: Any = lazy(format_html, SafeString)


def choice(label: Any, hint: Any) -> Any:
    """Return a choice's label with a hint below it that says what it means."""
    return format_html_lazy('{} <span class="hint">{}</span>', label, hint)


# The fields get these from functions: a list would be deep-copied for every form.
KINDS = [
    (Signature.Kind.PERSON, _("For myself")),
    (Signature.Kind.ORGANISATION, _("For an organisation")),
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
            _(
                "Only the organisers can see your name. "
                "It may be handed over with the pledge to the people it calls on."
            ),
        ),
    ),
    (
        Signature.Visibility.COUNT,
        choice(
            _("Count me only"),
            _("We never store your name (leave it empty if you like), and erase your address once you confirm."),
        ),
    ),
]


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


def visibility_field() -> forms.ChoiceField:
    """Return the choice of how much of the signer is shown and kept, with a warning."""
    return forms.ChoiceField(
        label=_("What happens to your name"),
        choices=lambda: VISIBILITIES,
        initial=Signature.Visibility.PRIVATE,
        help_text=format_html_lazy(
            '<strong class="warning">{}</strong> {}',
            _("If you or your family could be put at risk, do not choose Public."),
            _("Public names can be read and copied anywhere, by anyone."),
        ),
        error_messages={"required": _("Choose what happens to your name")},
        widget=forms.RadioSelect,
    )


class CountryField(forms.ChoiceField):
    """A choice of country, looked up by code: searching the whole list would take a tenth of the time of signing."""

    def valid_value(self, value: str) -> bool:
        return value in COUNTRIES
