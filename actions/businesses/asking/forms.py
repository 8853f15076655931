"""The form for a visitor's own letter to a brand. Nothing that they enter is stored."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from actions.businesses.asking.writing import Letter
from actions.businesses.models import Brand, CallToAction
from actions.businesses.models.letter import MAX_POINTS
from campaign.forms.choices import set_choices
from campaign.forms.guard import layout
from campaign.forms.names import NameField, TidyField
from campaign.letters.forms import OwnLetterForm

ANSWERS = ("points", "own_words", "name", "town")


class AskForm(OwnLetterForm):
    """One or two points, the visitor's own words, an optional name and town, and then the text to edit."""

    points = forms.MultipleChoiceField(
        label=_("Choose one or two points"),
        error_messages={"required": _("Choose one or two points")},
        widget=forms.CheckboxSelectMultiple,
    )
    name = NameField(
        label=_("Your name"),
        required=False,
        max_length=100,
        help_text=_(
            "As the company should see it: a first name is enough. "
            "If you leave this blank, the letter is signed “A customer”."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    town = TidyField(
        label=_("Your town"),
        required=False,
        max_length=60,
        help_text=_("You can leave this blank."),
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "dir": "auto"}),
    )

    def __init__(self, call: CallToAction, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        set_choices(self, "points", [(str(point.pk), point.title) for point in call.letter_points.all()])
        self.fields["own_words"].label = call.letter_question or _("In your own words: why does this matter to you?")

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms, without the text, which is edited on the preview page."""
        return layout(*ANSWERS, Submit("submit", _("See my letter"), css_class="button-action"))

    def clean_points(self) -> list[str]:
        chosen = list(dict.fromkeys(self.cleaned_data["points"]))
        if len(chosen) > MAX_POINTS:
            raise forms.ValidationError(_("Choose no more than two points: short letters get read"))
        return chosen

    def letter(self, brand: Brand, today: date) -> Letter:
        """Return the letter of a valid form."""
        data = self.cleaned_data
        points = tuple(point for point in self.call.letter_points.all() if str(point.pk) in data["points"])
        return Letter(self.call, brand, today, points, data["own_words"], data["name"], data["town"])
