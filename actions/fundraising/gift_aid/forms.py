"""The Gift Aid part of the donation form."""

from datetime import datetime
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

from actions.fundraising.gift_aid.hmrc_text import is_hmrc_text
from actions.fundraising.models import Declaration, Donation
from actions.fundraising.models.declarations import ABROAD, MAX_HOUSE, MAX_NAME, MAX_TITLE, TAXPAYER, scope_wording
from campaign.forms.choices import set_choices
from campaign.forms.names import TidyField, is_a_name
from campaign.places import postcodes

MAX_ADDRESS = 200
REQUIRED = {
    "ga_first_name": _("Enter your first name"),
    "ga_last_name": _("Enter your last name"),
    "ga_house": _("Enter the name or number of your house"),
    "ga_address": _("Enter the rest of your home address"),
    "ga_scope": _("Choose what you want to Gift Aid"),
    "ga_person": _("Only individuals can use Gift Aid: tick this, or untick Gift Aid"),
}
NOT_A_NAME = _("Enter your name as HMRC knows it, without a web address")
NOT_LATIN = _("HMRC accepts only Latin letters. Enter this as HMRC spells it in letters to you, such as Li or Petrenko")
NOT_A_HOUSE = _("Enter your house name or number, with at least one letter or digit")
NOT_IN_THE_UK = _("Jersey, Guernsey and the Isle of Man are not in the UK. Tick that you live outside the UK")
CROWN_DEPENDENCIES = ("JE", "GY", "IM")
NOT_A_POSTCODE = _("Enter your full postcode, such as NW3 7UX, or tick that you live outside the UK")


def line(label: Any, max_length: int, autocomplete: str, **options: Any) -> TidyField:
    """Return a field for one line of text, required only for Gift Aid."""
    attrs = {"autocomplete": autocomplete, "dir": "auto"}
    errors = {"max_length": _("Use at most %(limit_value)d characters")}
    widget = forms.TextInput(attrs=attrs)
    return TidyField(
        label=label, required=False, max_length=max_length, error_messages=errors, widget=widget, **options
    )


class GiftAidFields(forms.Form):
    """Checks what a donor declares. The other fields are required only if `gift_aid` is ticked."""

    gift_aid = forms.BooleanField(
        label=_("Add Gift Aid: 25p more for every £1, at no cost to me"),
        required=False,
        help_text=_(
            "If you pay tax in the UK, the charity can claim back the tax on your donation. "
            "It tells the tax office (HMRC) who you are, where you live, when you donated and how much."
        ),
    )
    ga_scope = forms.ChoiceField(
        label=_("Your declaration"), required=False, initial="this", widget=forms.RadioSelect, help_text=TAXPAYER
    )
    ga_title = line(_("Title (optional)"), MAX_TITLE, "honorific-prefix", help_text=_("Such as Ms, Mr, Dr or Prof."))
    ga_first_name = line(_("First name"), MAX_NAME, "given-name")
    ga_last_name = line(_("Last name"), MAX_NAME, "family-name")
    ga_house = line(_("House name or number"), MAX_HOUSE, "address-line1", help_text=_("Of your home, not your work."))
    ga_address = line(
        _("Rest of your home address"),
        MAX_ADDRESS,
        "street-address",
        help_text=_("Street and town, and the country if you live outside the UK."),
    )
    ga_postcode = line(_("Postcode of your home"), 20, "postal-code")
    ga_abroad = forms.BooleanField(label=_("I live outside the UK, and pay tax in the UK"), required=False)
    ga_person = forms.BooleanField(
        label=_("I am donating my own money, not a company’s or anybody else’s"),
        required=False,
        help_text=_(
            "We recognise your other donations by your e-mail address: if you Gift Aid those too, "
            "nobody else and no company may have donated with it."
        ),
    )

    def offer_gift_aid(self, charity: str) -> None:
        """Name the charity in the declaration on the form; if there is none, remove the Gift Aid fields."""
        if not charity:
            for name in GiftAidFields.base_fields:
                del self.fields[name]
            return
        set_choices(self, "ga_scope", [(scope, scope_wording(scope, charity)) for scope in Declaration.Scope.values])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("gift_aid"):
            self._clean_person(data)
            self._clean_letters(data)
            self._clean_postcode(data)
            return data
        for name in GiftAidFields.base_fields:
            self.errors.pop(name, None)
        return data

    def declaration(self, donation: Donation, now: datetime) -> Declaration | None:
        """Return the valid form's unsaved declaration for a donation at `now` (aware), or None without Gift Aid."""
        data = self.cleaned_data
        if not data.get("gift_aid") or not donation.fund.charity_name:
            return None
        person = {
            "title": data["ga_title"],
            "first_name": data["ga_first_name"],
            "last_name": data["ga_last_name"],
            "house": data["ga_house"],
            "address": data["ga_address"],
            "postcode": data["ga_postcode"],
        }
        return Declaration.make(donation, data["ga_scope"], person, now)

    def _clean_person(self, data: dict[str, Any]) -> None:
        for name, message in REQUIRED.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, message)
        for name in ("ga_first_name", "ga_last_name"):
            if data.get(name) and not is_a_name(data[name]):
                self.add_error(name, NOT_A_NAME)

    def _clean_letters(self, data: dict[str, Any]) -> None:
        """Refuse other scripts in what goes to HMRC: names, house and, for donors abroad, the rest of the address."""
        address = ["ga_house", "ga_address"] if data.get("ga_abroad") else ["ga_house"]
        for name in ("ga_first_name", "ga_last_name", *address):
            if data.get(name) and name not in self.errors and not is_hmrc_text(data[name]):
                self.add_error(name, NOT_LATIN)
        house = data.get("ga_house")
        if house and "ga_house" not in self.errors and not any(letter.isalnum() for letter in house):
            self.add_error("ga_house", NOT_A_HOUSE)

    def _clean_postcode(self, data: dict[str, Any]) -> None:
        """Set the postcode as HMRC writes it: "NW3 7UX", or "X" outside the UK."""
        if data.get("ga_abroad"):
            self.errors.pop("ga_postcode", None)
            data["ga_postcode"] = ABROAD
            return
        try:
            data["ga_postcode"] = postcodes.normalise(data.get("ga_postcode") or "")
        except ValueError:
            if "ga_postcode" not in self.errors:
                self.add_error("ga_postcode", NOT_A_POSTCODE)
            return
        if data["ga_postcode"].startswith(CROWN_DEPENDENCIES):
            self.add_error("ga_postcode", NOT_IN_THE_UK)


GIFT_AID_PARTS = (
    "gift_aid",
    Div(*(name for name in GiftAidFields.base_fields if name != "gift_aid"), css_class="for-gift-aid"),
)
