"""The form for a complaint about a brand's entry, and the form that asks which brand."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Brand, Entry
from campaign.complaints.forms import ComplaintForm as BaseComplaintForm
from campaign.forms.choices import set_choices
from campaign.forms.fields import name_field
from campaign.forms.guard import layout

MAX_BRANDS = 2000


class WhichBrandForm(forms.Form):
    """A choice of brand. It is sent by GET, because it changes nothing."""

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


class ComplaintForm(BaseComplaintForm):
    """A complaint about one of a brand's public entries, with the sender's name."""

    shown = ("entry", "words", "name", "email")

    entry = forms.ChoiceField(
        label=_("Which entry is wrong?"),
        error_messages={"required": _("Choose the entry"), "invalid_choice": _("Choose the entry again")},
    )
    name = name_field()

    def __init__(self, entries: list[Entry], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "entry", [(str(entry.pk), _label(entry)) for entry in entries])
        self.by_key = {str(entry.pk): entry for entry in entries}
        self.fields["words"].help_text = _("Tell us what it should say, and how we can check.")

    def clean_entry(self) -> Entry:
        """Return the chosen entry itself."""
        return self.by_key[self.cleaned_data["entry"]]


def _label(entry: Entry) -> Any:
    return format_lazy("{day}: {what}", day=date_format(entry.happened_on, "j F Y"), what=entry.in_words)
