"""The form that people sign with."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Submit
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.email_addresses.domains import suggestion
from campaign.forms.details import Details
from campaign.forms.guard import Guard, layout, share_fields
from campaign.forms.names import NameField
from campaign.places import lookup, postcodes
from pledges.forms.public_name import PUBLIC_PARTS, PUBLIC_QUESTION, PublicNameForm
from pledges.forms.signer_fields import (
    KINDS,
    MAX_NAME,
    CountryField,
    address_field,
    format_html_lazy,
    name_field,
    visibility_field,
)
from pledges.models import Signature
from pledges.signing.sign import Answers

OPTIONAL = ("postcode", "country", "kind", "organisation", "role", "link")


@share_fields
class SignatureForm(Guard, PublicNameForm):
    """Checks and tidies what people type. `Pledge.sign` does the signing.

    If an address looks mistyped, it asks whether `suggested` was meant, and is not valid until that is answered.
    That isn't an error: the address may be right. It asks once: `email_as_typed` is the address that it asked about.
    """

    name = name_field(
        required=False, help_text=_("With “Count me only” (below) you can leave it empty: we never store it.")
    )
    email = address_field(
        help_text=format_html_lazy(
            '{} <a href="{}">{}</a>',
            _("We send you one message, to confirm. Your address is never shown. One address can sign once."),
            reverse_lazy("page", args=["signing-safely"]),
            _("Signing safely"),
        )
    )
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
    organisation = NameField(
        label=_("Name of the organisation"),
        required=False,
        max_length=MAX_NAME,
        error_messages={"not_a_name": _("Enter the organisation’s name, without a web address")},
        help_text=_("Only if you are signing for one. It is shown in public once the organisers have checked it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    role = NameField(
        label=_("Your role there (optional)"),
        required=False,
        max_length=MAX_NAME,
        error_messages={"not_a_name": _("Enter your role in a few words")},
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
    suggested: str | None = None

    def is_valid(self) -> bool:
        return super().is_valid() and not self.suggested

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms lays it out."""
        asks = not self.is_valid() and self.suggested
        sign = _("Yes, show this and sign") if self.to_confirm else _("Sign the pledge")
        helper = layout(
            "name",
            Field("email", template="pledges/_email_question.html") if asks else "email",
            "email_as_typed",
            "visibility",
            PUBLIC_PARTS,
            self._optional_parts(),
            "updates",
            "agree",
            "stamp",
            "public_seen",
            PUBLIC_QUESTION,
            Submit("submit", sign, css_class="button-action"),
        )
        helper.form_id = "sign"
        return helper

    def _optional_parts(self) -> Details:
        """Return the fields that most people leave as they are, folded away unless something in them is wrong."""
        organisation = Div("organisation", "role", "link", css_class="for-organisations")
        is_wrong = self.is_bound and not self.errors.keys().isdisjoint(OPTIONAL)
        summary = _("Postcode, country, organisation (optional)")
        return Details(summary, "postcode", "country", "kind", organisation, is_open=is_wrong)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        suggested = suggestion(email)
        if suggested and self.data.get("email_choice") == suggested:
            return self.show("email", suggested)
        if suggested and self.data.get("email_as_typed") != email:
            self.suggested = suggested
            return self.show("email_as_typed", email)
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("visibility") == Signature.Visibility.COUNT:
            self._clean_count_only(data)
        else:
            self._clean_names(data)
        self._clean_place(data)
        if not self.suggested:
            self.clean_public_name(data, data.get("organisation", ""))
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
            shown_name=data["shown_name"],
            town=data["town"],
            role=data["role"],
            link=data["link"],
            automatic=self.looks_automatic(),
            network=network,
        )

    def _clean_count_only(self, data: dict[str, Any]) -> None:
        """Forget every name of somebody who only wants to be counted."""
        data["name"] = data["organisation"] = data["role"] = data["link"] = ""
        if data.get("updates"):
            text = _("To get news, choose Private or Public: with “Count me only” we do not keep your address")
            self.add_error("updates", text)

    def _clean_names(self, data: dict[str, Any]) -> None:
        """Ask everybody else for a name, and for the organisation's if they sign for one."""
        if data.get("name") == "":
            self.add_error("name", _("Enter your full name"))
        if data.get("kind") == Signature.Kind.ORGANISATION and "organisation" in data:
            if not data["organisation"]:
                self.add_error("organisation", _("Enter the name of the organisation"))
        else:
            data["organisation"] = data["role"] = data["link"] = ""

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
