"""Fields that several forms about signatures share."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.forms import names
from campaign.forms.email_address import EmailAddressFormField
from pledges.models import Signature

MAX_NAME = 100
MAX_TOWN = 60
PUBLIC_PARTS = Div("display", "town", css_class="for-public")

COUNTRIES = frozenset(countries.countries)
format_html_lazy: Any = lazy(format_html, SafeString)


def choice(label: Any, hint: Any) -> Any:
    """Return the label of a choice, with a hint under it that says what it means."""
    return format_html_lazy('{} <span class="hint">{}</span>', label, hint)


# The fields get these from functions: a list would be deep-copied for every form.
KINDS = [
    (Signature.Kind.PERSON, _("For myself")),
    (Signature.Kind.ORGANISATION, _("For an organisation")),
]
DISPLAYS = [
    (Signature.Display.FULL, _("My full name")),
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
            _("Only the organisers can see your name. It may be handed over with the pledge to those it calls on."),
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


def tidy_name(typed: str, complaint: Any) -> str:
    """Return the name, tidied. Raises ValidationError with the complaint if it isn't a name."""
    text = names.tidy(typed)
    if text and not names.is_a_name(text):
        raise forms.ValidationError(complaint)
    return text


def tidy_town(typed: str) -> str:
    """Return the town, tidied. Raises ValidationError if it isn't a name."""
    return tidy_name(typed, _("Enter the name of a town, or leave it empty"))


def name_field() -> forms.CharField:
    """Return the field for a full name."""
    return forms.CharField(
        label=_("Full name"),
        max_length=MAX_NAME,
        error_messages={"required": _("Enter your full name")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
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


def display_field() -> forms.ChoiceField:
    """Return the choice of how a public name is written. Signers who choose nothing are shown in full."""
    return forms.ChoiceField(
        label=_("In the public list, show"),
        choices=lambda: DISPLAYS,
        initial=Signature.Display.FULL,
        required=False,
        widget=forms.RadioSelect,
    )


def town_field() -> forms.CharField:
    """Return the field for a town to show beside a public name."""
    return forms.CharField(
        label=_("Town to show beside it (optional)"),
        required=False,
        max_length=MAX_TOWN,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "dir": "auto"}),
    )


class CountryField(forms.ChoiceField):
    """A choice of country, looked up by its code: searching the whole list takes a tenth of the time of a signing."""

    def valid_value(self, value: str) -> bool:
        return value in COUNTRIES
