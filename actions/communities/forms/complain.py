"""The form for a complaint about an entry in the public list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.complaints.forms import ComplaintForm as BaseComplaintForm
from campaign.forms.guard import share_fields
from campaign.forms.names import TidyField

MAX_ABOUT = 150


@share_fields
class ComplaintForm(BaseComplaintForm):
    """A complaint about the entry whose name the visitor types."""

    shown = ("about", "words", "email")

    about = TidyField(
        label=_("Which entry?"),
        max_length=MAX_ABOUT,
        help_text=_("The name that the list shows."),
        error_messages={"required": _("Enter the name of the entry")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
