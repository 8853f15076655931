"""What a public signer shows to everybody, and the question that asks whether it is right."""

from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.confirming.forms import CorrectableForm
from campaign.forms.fields import MAX_NAME
from campaign.forms.names import NameField
from pledges.forms.signer_fields import MAX_TOWN
from pledges.models import Signature

PUBLIC_PARTS = Div("shown_name", "town", css_class="for-public")
PUBLIC_QUESTION = HTML('{% include "pledges/_public_question.html" %}')
SEPARATOR = " | "


class PublicNameForm(CorrectableForm):
    """A form with the fields shown in public. It asks before showing anything, and guesses nothing from a name.

    `to_confirm` is what everybody will see. The form isn't valid until the signer has seen exactly that and sent it
    back in `public_seen`.
    """

    shown_name = NameField(
        label=_("Name to show (optional)"),
        required=False,
        max_length=MAX_NAME,
        error_messages={"not_a_name": _("Enter a name to show, without a web address, or leave it empty")},
        help_text=_("The public list shows exactly what you type here. Leave it empty to show your full name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    town = NameField(
        label=_("Town to show beside it (optional)"),
        required=False,
        max_length=MAX_TOWN,
        error_messages={"not_a_name": _("Enter the name of a town, or leave it empty")},
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "dir": "auto"}),
    )
    public_seen = forms.CharField(required=False, widget=forms.HiddenInput)
    to_confirm: tuple[str, ...] = ()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.to_confirm

    def clean_public_name(self, data: dict[str, Any], organisation: str = "", link: str = "") -> None:
        """Clear public fields that don't apply. Once everything else is valid, ask the signer to confirm the others."""
        if data.get("visibility") != Signature.Visibility.PUBLIC or organisation:
            self.forget(data, "shown_name", "town")
        if data.get("visibility") != Signature.Visibility.PUBLIC or self.errors:
            return
        shown = organisation or data["shown_name"] or data["name"]
        parts = tuple(part for part in (shown, data["town"], link) if part)
        if self.data.get("public_seen") != SEPARATOR.join(parts):
            self.to_confirm = parts
            self.show("public_seen", SEPARATOR.join(parts))

    def forget(self, data: dict[str, Any], *fields: str) -> None:
        """Clear fields that don't apply to this signer, and their errors, since the page hides them."""
        for field in fields:
            data[field] = ""
            self.errors.pop(field, None)
