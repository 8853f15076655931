"""The form that people sign with."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Submit
from django import forms
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.places import postcodes
from campaign.privacy.forms import Guard, layout
from campaign.privacy.mail_domains import suggestion
from pledges import names
from pledges.models import Signature
from pledges.signing import Answers

LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
LONGEST_NAME = 100

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
TRAP = (Div(Field("website"), css_class="trap", aria_hidden="true"), "stamp")
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


def a_name(typed: str, complaint: Any) -> str:
    """The name, tidied. Raises ValidationError with the complaint for what is none."""
    text = names.tidy(typed)
    if text and not names.is_a_name(text):
        raise forms.ValidationError(complaint)
    return text


def name_field() -> forms.CharField:
    """The box for a full name."""
    return forms.CharField(
        label=_("Full name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Enter your full name")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )


def address_field(**more: Any) -> forms.EmailField:
    """The box for an e-mail address."""
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST_ADDRESS,
        error_messages={
            "required": _("Enter your e-mail address"),
            "invalid": _("Enter an e-mail address like name@example.org"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        **more,
    )


def as_chosen(data: Any) -> Any:
    """What was posted; with the address we suggested in place of the typed one, where that is the button pressed."""
    choice = data.get("email_choice") if data else None
    if not choice or choice != suggestion(data.get("email", "").strip()):
        return data
    chosen = data.copy()
    chosen["email"] = choice
    return chosen


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


class CountryField(forms.ChoiceField):
    """A country of the list, found by its code: reading through the whole list takes a tenth of a signing."""

    def valid_value(self, value: str) -> bool:
        return value in COUNTRIES


class SignatureForm(Guard):
    """Checks and tidies what people type. `Pledge.sign` does the signing.

    Of an address that looks mistyped it asks whether `suggested` was meant, and is not valid until that is answered.
    That is no error: the address may be right. It asks once: `email_as_typed` is the address that it asked about.
    """

    name = name_field()
    email = address_field(help_text=_("We send one message to confirm. It is never shown."))
    country = CountryField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *countries],
        initial="GB",
        error_messages={
            "required": _("Choose your country"),
            "invalid_choice": _("Choose your country from the list"),
        },
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    postcode = forms.CharField(
        label=_("Postcode, if you live in the UK (optional)"),
        required=False,
        max_length=12,
        help_text=_("We keep only the first half, such as NW3."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=_("I am signing"),
        choices=lambda: KINDS,
        initial=Signature.Kind.PERSON,
        error_messages={"required": _("Say whether you sign for yourself or for an organisation")},
        widget=forms.RadioSelect,
    )
    organisation = forms.CharField(
        label=_("Name of the organisation"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Only if you sign for one. It is shown in public once the organisers have checked it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    visibility = visibility_field()
    updates = forms.BooleanField(label=_("Send me news of this campaign by e-mail (optional)"), required=False)
    agree = forms.BooleanField(
        label=format_html_lazy(
            _(
                'I have read <a href="#demands">the pledge</a> and the <a href="{}">privacy notice</a>. '
                "I agree that you hold what I entered, which says something about my beliefs."
            ),
            reverse_lazy("page", args=["privacy"]),
        ),
        error_messages={"required": _("Tick the box to say that you agree")},
    )
    email_as_typed = forms.CharField(required=False, widget=forms.HiddenInput)
    suggested: str | None = None

    def __init__(self, data: Any = None) -> None:
        super().__init__(as_chosen(data))

    def is_valid(self) -> bool:
        return super().is_valid() and not self.suggested

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms lays it out."""
        asks = not self.is_valid() and self.suggested
        helper = layout(
            "name",
            Field("email", template="pledges/_email_question.html") if asks else "email",
            "email_as_typed",
            "country",
            "postcode",
            "kind",
            Div("organisation", css_class="for-organisations"),
            "visibility",
            "updates",
            "agree",
            *TRAP,
            Submit("submit", _("Sign the pledge"), css_class="button-action"),
        )
        helper.form_id = "sign"
        return helper

    def clean_name(self) -> str:
        return a_name(self.cleaned_data["name"], _("Enter your name as you would write it in a letter"))

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email != self.data.get("email_as_typed"):
            self.suggested = suggestion(email)
        if self.suggested:
            asked = self.data.copy()
            asked["email_as_typed"] = email
            self.data = asked
        return email

    def clean_organisation(self) -> str:
        return a_name(self.cleaned_data["organisation"], _("Enter the organisation’s name, without a web address"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Signature.Kind.ORGANISATION and "organisation" in data:
            if not data["organisation"]:
                self.add_error("organisation", _("Enter the name of the organisation"))
        else:
            data["organisation"] = ""
        if data.get("visibility") == Signature.Visibility.COUNT and data.get("updates"):
            self.add_error(
                "updates",
                _("To get news, choose Private or Public: with “Count me only” we keep no address"),
            )
        self._clean_place(data)
        return data

    def answers(self) -> Answers:
        """What the valid form says, for `Pledge.sign`."""
        data = self.cleaned_data
        return Answers(
            name=data["name"],
            email=data["email"],
            country=data["country"],
            outward=data["outward"],
            kind=data["kind"],
            organisation=data["organisation"],
            visibility=data["visibility"],
            updates=data["updates"],
            suspected=self.looks_automatic(),
        )

    def _clean_place(self, data: dict[str, Any]) -> None:
        """Keep the outward half of a British postcode; elsewhere, keep nothing of it."""
        data["outward"] = ""
        typed = data.pop("postcode", "")
        if not typed or data.get("country") != "GB":
            return
        try:
            data["outward"] = postcodes.outward(postcodes.normalise(typed))
        except ValueError:
            self.add_error("postcode", _("Enter a full UK postcode, such as NW3 7UX, or leave it empty"))


class AskForm(Guard):
    """An address that asks for the link to its signature."""

    email = address_field()

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms lays it out."""
        return layout("email", *TRAP, Submit("submit", _("Send me the link"), css_class="button-action"))


class ChangeForm(forms.Form):
    """What signers may change of their own signature."""

    name = name_field()
    visibility = visibility_field()
    updates = forms.BooleanField(label=_("Send me news of this campaign by e-mail"), required=False)

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms lays it out."""
        return layout("name", "visibility", "updates", Submit("save", _("Save"), css_class="button-action"))

    def clean_name(self) -> str:
        return a_name(self.cleaned_data["name"], _("Enter your name as you would write it in a letter"))
