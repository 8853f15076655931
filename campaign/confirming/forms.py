"""Forms that confirm an address: by code, by sending the message again, and by asking about likely typing errors."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Submit
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.domains import suggestion
from campaign.forms.fields import address_field
from campaign.forms.guard import layout


class CodeForm(forms.Form):
    """A form for the code from a message and the address that it was sent to."""

    button: ClassVar[Any] = _("Confirm")

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
        return layout("email", "code", Submit("submit", self.button, css_class="button-action"))


class ResendForm(forms.Form):
    """A request to send the message again. It is on the same page as `CodeForm`, so its ids have another prefix."""

    email = address_field(help_text=_("The address that you entered before."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="again_%s")

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms, without a form tag: the template has its own."""
        helper = layout("email", Submit("submit", _("Send it again"), css_class="button-plain"))
        helper.form_tag = False
        return helper


class CorrectableForm(forms.Form):
    """A form whose posted values can be replaced before it is shown again."""

    data: QueryDict  # once it is posted

    def show(self, field: str, value: str) -> str:
        """Show this value in a field in place of the posted one; return the value."""
        shown = self.data.copy()
        shown[field] = value
        self.data = shown
        return value


class MistypedAddressForm(CorrectableForm):
    """A form with an address, `email`. If that looks mistyped, the form asks whether `suggested` was meant.

    Until the visitor answers, the form isn't valid; but it shows no error, because the address may be right. It asks
    only once about each address, which it remembers in `email_as_typed`: the layout must contain that field.
    """

    keep_button: ClassVar[Any] = _("No, send what I typed")
    change_button: ClassVar[Any] = _("Yes, change it and send")

    email = address_field()
    email_as_typed = forms.CharField(required=False, widget=forms.HiddenInput)
    suggested: str | None = None

    def is_valid(self) -> bool:
        return super().is_valid() and not self.suggested

    def email_with_question(self) -> Any:
        """Return the address field for the layout, with any question beside it."""
        asks = not self.is_valid() and self.suggested
        return Field("email", template="confirming/_email_question.html") if asks else "email"

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        suggested = suggestion(email)
        if suggested and self.data.get("email_choice") == suggested:
            return self.show("email", suggested)
        if suggested and self.data.get("email_as_typed") != email:
            self.suggested = suggested
            return self.show("email_as_typed", email)
        return email
