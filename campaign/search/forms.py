"""The form of the search page."""

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_QUERY = 100  # characters


class SearchForm(forms.Form):
    """The form with the words to search for."""

    q = forms.CharField(
        label=_("Search this site"),
        required=False,
        max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
