"""The form that people sign with."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Submit
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.domains import suggestion
from campaign.forms.details import Details
from campaign.forms.guard import layout, share_fields
from campaign.forms.names import NameField
from pledges.forms.public_name import PUBLIC_PARTS, PUBLIC_QUESTION
from pledges.forms.signer import SignerForm
from pledges.forms.signer_fields import KINDS, MAX_NAME, address_field, format_html_lazy
from pledges.models import Signature

OPTIONAL = ("postcode", "country", "kind", "organisation", "role", "link")


@share_fields
class SignatureForm(SignerForm):
    """A form that checks and tidies what people type. `Pledge.sign` does the signing.

    If an address looks mistyped, the form asks whether `suggested` was meant, and isn't valid until that is answered.
    This isn't an error, as the address may be right. It asks only once about an address, kept in `email_as_typed`.
    """

    email = address_field(
        help_text=format_html_lazy(
            '{} <a href="{}">{}</a>',
            _("We send one message, asking you to confirm. Your address is never shown. One address can sign once."),
            reverse_lazy("page", args=["signing-safely"]),
            _("Signing safely"),
        )
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
    email_as_typed = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("name", "email", "visibility", "shown_name", "town", *OPTIONAL)
    suggested: str | None = None

    def is_valid(self) -> bool:
        return super().is_valid() and not self.suggested

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
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
            "wording",
            "stamp",
            "public_seen",
            PUBLIC_QUESTION,
            Submit("submit", sign, css_class="button-action"),
        )
        helper.form_id = "sign"
        return helper

    def _optional_parts(self) -> Details:
        """Return the fields that most people leave as they are, folded away unless one has an error."""
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
        data = super().clean()
        if data.get("visibility") == Signature.Visibility.COUNT or data.get("kind") != Signature.Kind.ORGANISATION:
            self.forget(data, "organisation", "role", "link")
        elif data.get("organisation") == "":
            self.add_error("organisation", _("Enter the name of the organisation"))
        if not self.suggested:
            self.clean_public_name(data, data.get("organisation", ""), data.get("link", ""))
        return data
