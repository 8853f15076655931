"""Forms for finding an MP and writing a letter. Nothing that visitors enter is stored."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.letters.members_api import member
from actions.letters.models import MAX_POINTS, MIN_POINTS, Letter, Point
from actions.letters.writing import Choices, Writer
from campaign.forms.choices import set_choices
from campaign.forms.guard import layout
from campaign.letters.forms import OwnLetterForm
from campaign.places import postcodes
from campaign.places.models import Constituency
from campaign.places.postcodes_io import can_find_postcodes, find

IN_ADDRESS = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? *[0-9][A-Z]{2}\b", re.IGNORECASE)


class PlaceForm(forms.Form):
    """A visitor's constituency, found by postcode or chosen from the list.

    `place` is the constituency; `is_estimate` is true if it was found by postcode: see `lookup.Found`.
    """

    postcode = forms.CharField(
        label=_("Your postcode"),
        required=False,
        max_length=30,
        help_text=_("We look it up in our own table and do not keep it."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "spellcheck": "false"}),
    )
    constituency = forms.CharField(
        label=_("Your constituency"), required=False, max_length=9, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_find_postcodes():
            del self.fields["postcode"]
            self.offer_list()

    def place_fields(self) -> list[str]:
        """Return the names of the fields that ask where the visitor lives."""
        return [name for name in ("postcode", "constituency") if name in self.fields]

    def place_is_known(self) -> bool:
        """Return whether the form already has a well-formed constituency and needn't ask for it."""
        is_given = bool(self["constituency"].value()) and "constituency" not in self.errors
        return is_given and self.fields["constituency"].widget.is_hidden

    def offer_list(self) -> None:
        """Offer the 650 constituencies to choose from."""
        constituencies = Constituency.objects.in_order().values_list("code", "name")
        choices = [("", _("Choose from the list")), *constituencies]
        self.fields["constituency"].widget = forms.Select(choices=choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["place"], data["is_estimate"] = None, False
        if code := data.get("constituency"):
            data["place"] = Constituency.objects.filter(pk=code).first()
        elif "postcode" in data:
            self._find(data)
        if data["place"] is None:
            self.offer_list()
            if not self.errors:
                self.add_error("constituency", _("Choose your constituency from the list"))
        return data

    def _find(self, data: dict[str, Any]) -> None:
        """Look the postcode up. If that fails, add an error that says why."""
        if not data["postcode"]:
            return self.add_error("postcode", _("Enter your postcode, or choose your constituency from the list"))
        try:
            postcode = postcodes.normalise(data["postcode"])
        except postcodes.NotAPostcodeError as error:
            return self.add_error("postcode", str(error))
        if advice := postcodes.advice(postcode):
            return self.add_error("postcode", advice)
        result = find(postcode)
        if result is None:
            return self.add_error("postcode", _("We do not know this postcode. Choose your constituency from the list"))
        if result.terminated:
            message = gettext("This postcode is no longer in use. It was in %(name)s. Choose your constituency")
            return self.add_error("postcode", message % {"name": result.constituency.name})
        data["place"], data["is_estimate"] = result.constituency, True
        return None


class AreaForm(forms.Form):
    """A constituency's code in a URL or a button."""

    constituency = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)

    def area_code(self) -> str:
        """Return the code, or "" if we don't have that constituency."""
        code = self.cleaned_data["constituency"] if self.is_valid() else ""
        return code if code and Constituency.objects.filter(pk=code).exists() else ""


class FindForm(PlaceForm):
    """The form for finding an MP, which always offers the list of constituencies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_list()

    @property
    def helper(self) -> FormHelper:
        """Return the layout of the form for crispy-forms."""
        return layout(*self.place_fields(), Submit("submit", _("Find my MP"), css_class="button-action"))


class WriterForm(PlaceForm):
    """The writer's details: enough to fill in the plain letter."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        error_messages={"required": _("Enter your name")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    address = forms.CharField(
        label=_("Your full address, with postcode"),
        max_length=400,
        help_text=_("MPs answer only people who live in their constituency, so their offices look for it."),
        error_messages={"required": _("Enter your address: without it you won’t get an answer")},
        widget=forms.Textarea(attrs={"autocomplete": "street-address", "rows": 4, "dir": "auto"}),
    )

    def __init__(self, letter: Letter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter

    def typed_postcode(self) -> str:
        """Return the postcode from its field or else from the address, such as "NW3 7UX", or "" if there is none."""
        typed = [self.cleaned_data.get("postcode", ""), *reversed(IN_ADDRESS.findall(self.cleaned_data["address"]))]
        for text in typed:
            with suppress(ValueError):
                return postcodes.normalise(text)
        return ""

    def writer(self, today: date) -> Writer:
        """Return the writer and the recipient of a valid form."""
        data, place = self.cleaned_data, self.cleaned_data["place"]
        return Writer(data["name"], data["address"], place, member(self.letter.recipients, place), today)


class ComposeForm(WriterForm, OwnLetterForm):
    """The parts of the writer's own letter (points, own words and one question), and then its text to edit."""

    points = forms.MultipleChoiceField(
        label=_("Choose two or three points"),
        error_messages={"required": _("Choose two or three points")},
        widget=forms.CheckboxSelectMultiple,
    )
    ask = forms.ChoiceField(
        label=_("What to ask your MP"),
        error_messages={"required": _("Choose one question")},
        widget=forms.RadioSelect,
    )

    def __init__(self, letter: Letter, *args: Any, **kwargs: Any) -> None:
        super().__init__(letter, *args, **kwargs)
        asks = [(str(ask.pk), ask.text) for ask in letter.asks.all()]
        set_choices(self, "points", [(str(point.pk), _point(point)) for point in letter.points.all()])
        set_choices(self, "ask", asks)
        self.fields["ask"].initial = asks[0][0] if asks else ""
        self.fields["own_words"].label = letter.question or _("In your own words: why does this matter to you?")

    @property
    def helper(self) -> FormHelper:
        """Return the layout of the form for crispy-forms, without the text, which is edited on the preview page.

        Visitors who return from there can choose another constituency.
        """
        is_known = self.place_is_known()
        if is_known and self.is_bound:
            self.offer_list()
        place = ["constituency"] if is_known else self.place_fields()
        fields = (*place, "points", "own_words", "ask", "name", "address")
        return layout(*fields, Submit("submit", _("See my letter"), css_class="button-action"))

    def clean_points(self) -> list[str]:
        chosen = list(dict.fromkeys(self.cleaned_data["points"]))
        if not MIN_POINTS <= len(chosen) <= MAX_POINTS:
            raise forms.ValidationError(_("Choose two or three points, no more: short letters get read"))
        return chosen

    def choices(self) -> Choices:
        """Return the choices and own words from a valid form."""
        data = self.cleaned_data
        points = tuple(point for point in self.letter.points.all() if str(point.pk) in data["points"])
        ask = next(ask for ask in self.letter.asks.all() if str(ask.pk) == data["ask"])
        return Choices(points, ask, data["own_words"])

    def preview_of(self, text: str) -> FormHelper:
        """Lay out a valid form with this text to edit, and the other answers as hidden fields."""
        answers = (*self.place_fields(), "points", "own_words", "ask", "name", "address")
        return self.preview(text, answers, constituency=self.cleaned_data["place"].code)


def _point(point: Point) -> SafeString:
    link = format_html('<a href="{}" rel="noreferrer">{}</a>', point.url, point.source) if point.url else point.source
    return format_html('{} <span class="hint">{} {}, {}</span>', point.title, point.why, link, point.dated)
