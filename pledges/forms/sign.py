"""The form that people sign with."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Submit
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from campaign.confirming.forms import MistypedAddressForm
from campaign.forms.details import Details
from campaign.forms.fields import MAX_NAME, address_field, format_html_lazy
from campaign.forms.guard import layout, share_fields
from campaign.forms.names import NameField
from pledges.forms.public_name import PUBLIC_PARTS, PUBLIC_QUESTION
from pledges.forms.signer import SignerForm
from pledges.forms.signer_fields import KINDS
from pledges.models import Signature

OPTIONAL = ("postcode", "country", "kind", "organisation", "role", "link")


@share_fields
class SignatureForm(MistypedAddressForm, SignerForm):
    """A form that checks and tidies what people type. `Pledge.sign` does the signing."""

    keep_button = _("No, sign with what I typed")
    change_button = _("Yes, change it and sign")

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
        label=_("Your role in the organisation (optional)"),
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
    field_order = ("name", "email", "visibility", "shown_name", "town", *OPTIONAL)

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        email = self.email_with_question()
        sign = _("Yes, show this and sign") if self.to_confirm else _("Sign the pledge")
        helper = layout(
            "name",
            email,
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

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("visibility") == Signature.Visibility.COUNT or data.get("kind") != Signature.Kind.ORGANISATION:
            self.forget(data, "organisation", "role", "link")
        elif data.get("organisation") == "":
            self.add_error("organisation", _("Enter the name of the organisation"))
        if not self.suggested:
            self.clean_public_name(data, data.get("organisation", ""), data.get("link", ""))
        return data
