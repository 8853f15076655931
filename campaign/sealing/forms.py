"""The form for the phrase of a test restore."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PhraseForm(forms.Form):
    """The phrase that an organiser has read in the opened box."""

    phrase = forms.CharField(
        label=_("The phrase in the box"),
        max_length=100,
        help_text=_("Four groups of four letters and digits, as the page shows them once it has opened the box."),
        error_messages={"required": _("Enter the phrase")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "vTextField"}),
    )
