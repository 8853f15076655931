"""The form for signers who can no longer read their mail."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import mailbox
from campaign.forms.email_address import EmailAddressFormField
from campaign.forms.fields import name_field
from campaign.forms.guard import UnhurriedForm, layout, share_fields
from campaign.text.invisible import without_invisible

MAX_PROOF = 1000


@share_fields
class LostMailboxForm(UnhurriedForm):
    """What organisers need to know to decide whether this person is the signer."""

    name = name_field()
    email = EmailAddressFormField(
        label=_("Address that you signed with"),
        error_messages={"required": _("Enter the address that you signed with")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact = EmailAddressFormField(
        label=_("Address where we can write to you now"),
        help_text=_("We use it only to answer this request."),
        error_messages={"required": _("Enter an address where we can write to you")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    proof = forms.CharField(
        label=_("How can you show that it was you?"),
        max_length=MAX_PROOF,
        help_text=_("For example, one of the organisers knows you, or we can ring you. Do not send documents."),
        error_messages={"required": _("Say how you can show that it was you")},
        widget=forms.Textarea(attrs={"rows": "4", "dir": "auto"}),
    )

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        return layout(
            "name", "email", "contact", "proof", "stamp", Submit("send", _("Send"), css_class="button-action")
        )

    def clean_proof(self) -> str:
        """Refuse text without visible characters."""
        proof: str = self.cleaned_data["proof"]
        if not without_invisible(proof).strip():
            raise ValidationError(self.fields["proof"].error_messages["required"])
        return proof

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"email", "contact"} <= data.keys() and mailbox(data["email"]) == mailbox(data["contact"]):
            self.add_error("contact", _("Enter a different address from the one you signed with"))
        return data

    def answers(self) -> dict[str, str]:
        """Return the valid form's answers, by field of `LostMailbox`."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "contact", "proof")}
