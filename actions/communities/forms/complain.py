"""The form for a complaint about an entry in the public list."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms.email_address import EmailAddressFormField
from campaign.forms.fields import WordsField
from campaign.forms.guard import Guard, layout, share_fields
from campaign.forms.names import TidyField

MAX_ABOUT = 150


@share_fields
class ComplaintForm(Guard):
    """What is wrong with an entry, and where to send the answer."""

    about = TidyField(
        label=_("Which entry?"),
        max_length=MAX_ABOUT,
        help_text=_("The name that the list shows."),
        error_messages={"required": _("Enter the name of the entry")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    text = WordsField(
        label=_("What is wrong with it?"),
        error_messages={"required": _("Say what is wrong")},
    )
    email = EmailAddressFormField(
        label=_("Address for our answer"),
        help_text=_("We use it only to answer you."),
        error_messages={"required": _("Enter an address for our answer")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        return layout("about", "text", "email", "stamp", Submit("send", _("Send"), css_class="button-action"))

    def clean(self) -> dict[str, Any]:
        if self.looks_automatic():
            self.add_error(None, _("That was very quick. Please check what you entered, then press “Send” again."))
        return super().clean() or self.cleaned_data
