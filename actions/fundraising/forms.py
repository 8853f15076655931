"""The donation form."""

import re
import unicodedata
import uuid
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Submit
from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from actions.fundraising.form_tokens import read_token
from actions.fundraising.gift_aid.forms import GIFT_AID_PARTS, GiftAidFields
from actions.fundraising.models import DonationSettings, Fund
from actions.fundraising.models.funds import MAX_PENCE, MIN_PENCE, Preset
from actions.fundraising.stripe.checkout import DonationChoice
from campaign.forms.choices import set_choices
from campaign.forms.guard import MIN_SECONDS_TO_FILL, layout
from campaign.forms.names import MAX_TIDIED, NameField, tidy
from campaign.money import pounds, short_pounds

MAX_NAME = 80
OTHER = "other"
AMOUNT = re.compile(r"£?\s*(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(\.\d{1,2})?\s*£?", re.ASCII)


class MoneyField(forms.Field):
    """An amount as people write it, such as "£1,250", "20 £" or "１２.50"; cleaned to whole pence, or None if empty."""

    def to_python(self, value: Any) -> int | None:
        text = unicodedata.normalize("NFKC", tidy((value or "")[:MAX_TIDIED]))
        if not text:
            return None
        match = AMOUNT.fullmatch(text)
        if not match:
            raise forms.ValidationError(_("Enter an amount in pounds, such as 20 or 12.50"))
        return int(Decimal(match[1].replace(",", "") + (match[2] or "")) * 100)


class DonationForm(GiftAidFields):
    """Checks what a donor chose. `checkout.start_donation` makes a donation from it.

    It is not valid until the donor has seen, in pence, what covering the fee adds: `fee_question`.
    """

    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    amount = forms.ChoiceField(
        label=_("How much would you like to give?"),
        error_messages={"required": _("Choose an amount"), "invalid_choice": _("Choose an amount")},
        widget=forms.RadioSelect,
    )
    other_amount = MoneyField(
        label=_("Other amount, in pounds"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 20}),
    )
    often = forms.ChoiceField(
        label=_("How often?"),
        choices=lambda: [("once", _("Once")), ("monthly", _("Every month"))],
        initial="once",
        required=False,
        widget=forms.RadioSelect,
    )
    cover_fee = forms.BooleanField(label=_("Add the card fee, so that my whole donation arrives"), required=False)
    fee_shown = forms.IntegerField(required=False, widget=forms.HiddenInput)
    show_name = forms.ChoiceField(
        label=_("Your name on this page"),
        choices=lambda: [("no", _("Do not show it")), ("yes", _("Show it"))],
        initial="no",
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Public names can be read and copied anywhere, by anyone, for ever."),
    )
    public_name = NameField(
        label=_("Name to show"),
        required=False,
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    in_memory_of = NameField(
        label=_("In memory of (optional)"),
        required=False,
        max_length=MAX_NAME,
        help_text=_("Shown on this page once the organisers have read it. We do not pass it on to Stripe."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    data: QueryDict  # once it is posted
    fee_question = ""

    def __init__(self, fund: Fund, donation_settings: DonationSettings, token: str, data: Any = None) -> None:
        """Make an empty or a posted form; `token` is for an empty one, or for one that has to be sent again."""
        super().__init__(data, initial={"token": token})
        self.fund, self.donation_settings, self.new_token = fund, donation_settings, token
        presets = [(str(preset.pence), self._label(preset)) for preset in fund.choices]
        set_choices(self, "amount", [*presets, (OTHER, format_html("<strong>{}</strong>", _("Other amount")))])
        self.offer_gift_aid(fund.charity_name)
        self.fields["cover_fee"].help_text = self.fee_hint()
        self.fields["cover_fee"].widget.attrs |= {
            "data-percent": str(donation_settings.fee_percent),
            "data-fixed": str(donation_settings.fee_pence),
            "data-words": _("It adds %s."),
        }

    def is_valid(self) -> bool:
        return super().is_valid() and not self.fee_question

    @property
    def helper(self) -> FormHelper:
        """Return the layout of the form for crispy-forms."""
        monthly = ["often"] if self.donation_settings.portal_url else []
        gift_aid = GIFT_AID_PARTS if self.fund.charity_name else ()
        helper = layout(
            "token",
            "fee_shown",
            "amount",
            Div("other_amount", css_class="for-other-amount"),
            *monthly,
            "cover_fee",
            *gift_aid,
            "show_name",
            Div("public_name", css_class="for-public-name"),
            "in_memory_of",
            Submit("submit", _("Continue to payment"), css_class="button-action"),
        )
        helper.form_id = "donation-form"
        return helper

    def fee_hint(self) -> str:
        """Return a hint with the fee on each preset amount."""
        fee_on = self.donation_settings.fee_on
        fees = (
            _("%(fee)s to %(amount)s") % {"fee": pounds(fee_on(pence)), "amount": short_pounds(pence)}
            for pence in sorted(preset.pence for preset in self.fund.choices)
        )
        return _("It adds %s.") % ", ".join(fees)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_amount(data)
        if data.get("show_name") != "yes":
            data["public_name"] = ""
        elif not data.get("public_name") and "public_name" not in self.errors:
            self.add_error("public_name", _("Enter the name to show"))
        data["is_monthly"] = data.get("often") == "monthly" and bool(self.donation_settings.portal_url)
        if not self.errors:
            self._clean_fee(data)
        return data

    def check_token(self, now: float) -> uuid.UUID | None:
        """Return this form's id; if it is too old or was filled in too fast, renew it and return None."""
        read = read_token(self.cleaned_data.get("token", ""), self.fund, now)
        if read and read[1] >= MIN_SECONDS_TO_FILL:
            return read[0]
        self.renew(_("You have not been charged. Please check what you entered, and send it again"))
        return None

    def renew(self, error: Any) -> None:
        """Ask the donor to send the form again, as a new one."""
        self.add_error(None, error)
        self._change("token", self.new_token)

    def choice(self) -> DonationChoice:
        """Return what the donor chose on a valid form."""
        data = self.cleaned_data
        return DonationChoice(
            amount_pence=data["amount_pence"],
            fee_pence=data["fee_pence"],
            is_monthly=data["is_monthly"],
            public_name=data["public_name"],
            in_memory_of=data["in_memory_of"],
        )

    @staticmethod
    def _label(preset: Preset) -> str:
        """Return the label of an amount's button: the sum and, if organisers have entered it, what it buys."""
        amount = format_html("<strong>{}</strong>", short_pounds(preset.pence))
        return format_html('{} <span dir="auto">{}</span>', amount, preset.buys) if preset.buys else amount

    def _clean_amount(self, data: dict[str, Any]) -> None:
        if data.get("amount") != OTHER:
            data["amount_pence"] = int(data.get("amount") or 0)
            return
        pence = data["amount_pence"] = data.get("other_amount") or 0
        if "other_amount" in self.errors or MIN_PENCE <= pence <= MAX_PENCE:
            return
        limits = {"min": pounds(MIN_PENCE), "max": pounds(MAX_PENCE)}
        self.add_error("other_amount", _("Enter an amount from %(min)s to %(max)s") % limits)

    def _clean_fee(self, data: dict[str, Any]) -> None:
        """Work out the fee, and ask the donor to confirm it unless they have seen it for this amount."""
        data["fee_pence"] = self.donation_settings.fee_on(data["amount_pence"]) if data.get("cover_fee") else 0
        is_preset = data.get("amount") != OTHER
        if data["fee_pence"] and not is_preset and data.get("fee_shown") != data["fee_pence"]:
            self._change("fee_shown", data["fee_pence"])
            total = pounds(data["amount_pence"] + data["fee_pence"])
            question = _("The fee on %(amount)s is %(fee)s. Send the form again to give %(total)s in all.")
            amounts = {"amount": pounds(data["amount_pence"]), "fee": pounds(data["fee_pence"]), "total": total}
            self.fee_question = question % amounts

    def _change(self, name: str, value: object) -> None:
        changed = self.data.copy()
        changed[name] = str(value)
        self.data = changed
