"""The form for a visitor's own letter: first their own words, then the text to edit. Nothing is stored."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaign.forms.guard import layout
from campaign.letters.writing import plain

MAX_LETTER = 10_000
MAX_OWN_WORDS = 5_000


class OwnLetterForm(forms.Form):
    """A letter in the writer's own words. Each kind of letter adds its own fields."""

    data: QueryDict  # when the form is bound

    own_words = forms.CharField(
        max_length=MAX_OWN_WORDS,
        help_text=_("More than half of the letter should be in your own words. The next page shows how much is."),
        error_messages={"required": _("Write a few sentences of your own: they matter most")},
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    text = forms.CharField(
        label=_("Your letter: change whatever you like"),
        required=False,
        max_length=MAX_LETTER,
        widget=forms.Textarea(attrs={"rows": 24, "dir": "auto", "aria-describedby": "alike"}),
    )

    def edited(self) -> str:
        """Return the text of a valid form as the writer edited it, or "" before the first preview."""
        return plain(self.cleaned_data["text"])

    def preview(self, text: str, answers: Iterable[str], **shown: str) -> FormHelper:
        """Lay out a valid form with this text to edit, and these other answers as hidden fields.

        `shown` replaces what was posted in other fields.
        """
        data = self.data.copy()
        data["text"] = text
        for name, value in shown.items():
            data[name] = value
        self.data = data
        for name in answers:
            self.fields[name].widget = self.fields[name].hidden_widget()
        helper = layout(*answers, "text")
        helper.form_tag = False
        return helper
