"""Forms on the page that asks signers to check their inbox."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms.guard import layout
from pledges.forms.signer_fields import address_field


class CodeForm(forms.Form):
    """A form for the code from a message and the address that it was sent to."""

    email = address_field()
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Eight letters and digits."),
        error_messages={"required": _("Enter the code from the message")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        return layout("email", "code", Submit("submit", _("Confirm my signature"), css_class="button-action"))


class ResendForm(forms.Form):
    """A request to send the message again. It shares a page with `CodeForm`, so its ids have another prefix."""

    email = address_field(help_text=_("The address that you signed with."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="again_%s")

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms, without a form tag: the template has its own."""
        helper = layout("email", Submit("submit", _("Send it again"), css_class="button-plain"))
        helper.form_tag = False
        return helper
