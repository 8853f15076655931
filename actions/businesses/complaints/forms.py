"""The form for a complaint that an entry is wrong, and the list of brands to choose from."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Brand, Entry
from campaign.forms.choices import set_choices
from campaign.forms.fields import WordsField, address_field, name_field
from campaign.forms.guard import Guard, layout

MAX_BRANDS = 2000


class WhichBrandForm(forms.Form):
    """A choice of brand, sent by GET, because it changes nothing."""

    brand = forms.ChoiceField(label=_("Brand"), error_messages={"required": _("Choose the brand")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = Brand.objects.published().filter(is_example=False)[:MAX_BRANDS]
        listed = sorted(brands, key=lambda brand: brand.title.casefold())
        set_choices(self, "brand", [(brand.slug, brand.title) for brand in listed])

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        helper = layout("brand", Submit("next", _("Continue"), css_class="button-plain"))
        helper.form_method = "get"
        return helper


class ComplaintForm(Guard):
    """Which entry is wrong and why, and the name and address for the answer."""

    entry = forms.ChoiceField(
        label=_("Which entry is wrong?"),
        error_messages={"required": _("Choose the entry"), "invalid_choice": _("Choose the entry again")},
    )
    words = WordsField(
        label=_("What is wrong with it?"),
        help_text=_("Say what it should say, and how we can check that."),
        error_messages={"required": _("Say what is wrong")},
    )
    name = name_field()
    email = address_field(help_text=_("We use it only to answer this complaint."))

    def __init__(self, entries: list[Entry], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "entry", [(str(entry.pk), _label(entry)) for entry in entries])
        self.by_key = {str(entry.pk): entry for entry in entries}

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        send = Submit("send", _("Send the complaint"), css_class="button-action")
        return layout("entry", "words", "name", "email", "stamp", send)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.looks_automatic():
            self.add_error(None, _("That was very quick. Please check what you entered, then press the button again."))
        return data

    def answers(self) -> dict[str, Any]:
        """Return a valid form's answers, by field of `Complaint`."""
        data = self.cleaned_data
        own = {name: data[name] for name in ("words", "name", "email")}
        return own | {"entry_id": self.by_key[data["entry"]].pk}


def _label(entry: Entry) -> Any:
    return format_lazy("{day}: {what}", day=date_format(entry.happened_on, "j F Y"), what=entry.in_words)
