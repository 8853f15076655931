"""The form that people sign with."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Submit
from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.email_addresses.domains import suggestion
from campaign.forms.guard import Guard, layout, share_fields
from campaign.places import lookup, postcodes
from pledges.forms.signer_fields import (
    KINDS,
    MAX_NAME,
    PUBLIC_PARTS,
    CountryField,
    address_field,
    display_field,
    format_html_lazy,
    name_field,
    tidy_name,
    tidy_town,
    town_field,
    visibility_field,
)
from pledges.models import Signature
from pledges.signing.sign import Answers


@share_fields
class SignatureForm(Guard):
    """Checks and tidies what people type. `Pledge.sign` does the signing.

    If an address looks mistyped, it asks whether `suggested` was meant, and is not valid until that is answered.
    That isn't an error: the address may be right. It asks once: `email_as_typed` is the address that it asked about.
    """

    name = name_field()
    email = address_field(help_text=_("We send you one message, to confirm. Your address is never shown."))
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
        help_text=_("We use it to find your constituency. Then we keep only the first half, such as NW3."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=_("I am signing"),
        choices=lambda: KINDS,
        initial=Signature.Kind.PERSON,
        error_messages={"required": _("Choose whether you are signing for yourself or for an organisation")},
        widget=forms.RadioSelect,
    )
    organisation = forms.CharField(
        label=_("Name of the organisation"),
        required=False,
        max_length=MAX_NAME,
        help_text=_("Only if you are signing for one. It is shown in public once the organisers have checked it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    role = forms.CharField(
        label=_("Your role there (optional)"),
        required=False,
        max_length=MAX_NAME,
        help_text=_("Only the organisers can see this."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
    link = forms.URLField(
        label=_("Its website (optional)"),
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": _("Enter a web address like https://example.org")},
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url", "spellcheck": "false"}),
    )
    visibility = visibility_field()
    display = display_field()
    town = town_field()
    updates = forms.BooleanField(label=_("Send me news of this campaign by e-mail (optional)"), required=False)
    agree = forms.BooleanField(
        label=format_html_lazy(
            _(
                'I have read <a href="#demands">the pledge</a> and the <a href="{}">privacy notice</a>. '
                "I agree that you may hold what I have entered, which says something about my beliefs."
            ),
            reverse_lazy("page", args=["privacy"]),
        ),
        error_messages={"required": _("Tick the box to say that you agree")},
    )
    email_as_typed = forms.CharField(required=False, widget=forms.HiddenInput)
    data: QueryDict  # once it is posted
    suggested: str | None = None

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
            Div("organisation", "role", "link", css_class="for-organisations"),
            "visibility",
            PUBLIC_PARTS,
            "updates",
            "agree",
            "stamp",
            Submit("submit", _("Sign the pledge"), css_class="button-action"),
        )
        helper.form_id = "sign"
        return helper

    def clean_name(self) -> str:
        return tidy_name(self.cleaned_data["name"], _("Enter your name as you would write it in a letter"))

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        suggested = suggestion(email)
        if suggested and self.data.get("email_choice") == suggested:
            return self._show("email", suggested)
        if suggested and self.data.get("email_as_typed") != email:
            self.suggested = suggested
            return self._show("email_as_typed", email)
        return email

    def _show(self, field: str, value: str) -> str:
        """Show this value in a field instead of what was posted; return it."""
        shown = self.data.copy()
        shown[field] = value
        self.data = shown
        return value

    def clean_organisation(self) -> str:
        return tidy_name(self.cleaned_data["organisation"], _("Enter the organisation’s name, without a web address"))

    def clean_role(self) -> str:
        return tidy_name(self.cleaned_data["role"], _("Enter your role in a few words"))

    def clean_town(self) -> str:
        return tidy_town(self.cleaned_data["town"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Signature.Kind.ORGANISATION and "organisation" in data:
            if not data["organisation"]:
                self.add_error("organisation", _("Enter the name of the organisation"))
        else:
            data["organisation"] = data["role"] = data["link"] = ""
        if data.get("visibility") != Signature.Visibility.PUBLIC:
            data["town"] = ""
        if data.get("visibility") == Signature.Visibility.COUNT and data.get("updates"):
            self.add_error(
                "updates",
                _("To get news, choose Private or Public: with “Count me only” we do not keep your address"),
            )
        self._clean_place(data)
        return data

    def answers(self, network: bytes | None) -> Answers:
        """Return the answers of the valid form for `Pledge.sign`, with the hash of the network that it came from."""
        data = self.cleaned_data
        return Answers(
            name=data["name"],
            email=data["email"],
            country=data["country"],
            outward_code=data["outward_code"],
            kind=data["kind"],
            organisation=data["organisation"],
            visibility=data["visibility"],
            updates=data["updates"],
            area_code=data["area_code"],
            display=data["display"] or Signature.Display.FULL,
            town=data["town"],
            role=data["role"],
            link=data["link"],
            automatic=self.looks_automatic(),
            network=network,
        )

    def _clean_place(self, data: dict[str, Any]) -> None:
        """Keep the constituency and the outward code of a UK postcode; elsewhere, keep nothing of it."""
        data["outward_code"] = data["area_code"] = ""
        typed = data.pop("postcode", "")
        if not typed or data.get("country") != "GB":
            return
        try:
            postcode = postcodes.normalise(typed)
        except ValueError:
            self.add_error("postcode", _("Enter a full UK postcode, such as NW3 7UX, or leave it empty"))
        else:
            data["outward_code"], data["area_code"] = postcodes.outward_code(postcode), lookup.area_code(postcode)
