"""The forms for signers to look after their own signature."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms.guard import layout
from pledges.forms.signer_fields import (
    PUBLIC_PARTS,
    address_field,
    display_field,
    name_field,
    tidy_name,
    tidy_town,
    town_field,
    visibility_field,
)
from pledges.models import Signature


class AskForm(forms.Form):
    """The address to send a manage link to."""

    email = address_field()

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms lays it out."""
        return layout("email", Submit("submit", _("Send me the link"), css_class="button-action"))


class ChangeForm(forms.Form):
    """What signers can change about their own signature."""

    name = name_field()
    visibility = visibility_field()
    display = display_field()
    town = town_field()
    updates = forms.BooleanField(label=_("Send me news of this campaign by e-mail"), required=False)

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms lays it out."""
        return layout(
            "name", "visibility", PUBLIC_PARTS, "updates", Submit("save", _("Save"), css_class="button-action")
        )

    def clean_name(self) -> str:
        return tidy_name(self.cleaned_data["name"], _("Enter your name as you would write it in a letter"))

    def clean_town(self) -> str:
        return tidy_town(self.cleaned_data["town"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("visibility") != Signature.Visibility.PUBLIC:
            data["town"] = ""
        data["display"] = data.get("display") or Signature.Display.FULL
        return data
