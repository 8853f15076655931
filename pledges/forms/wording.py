"""The field for the wording's number in signing forms, and the form that asks how the words have changed."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from campaign.versions.models import Version
from pledges.models import Pledge

MAX_REASON = 200
MAX_DIGITS = 5
NO_WORDING = 0  # not the number of any wording
BEFORE_NUMBERS = 1  # pages from before wordings were numbered all showed the first wording


class WordingField(forms.Field):
    """The number of the wording that the page shows. An empty value becomes 1, and an invalid value becomes 0."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> int:
        if value in (None, ""):
            return BEFORE_NUMBERS
        text = str(value)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else NO_WORDING


class WordingForm(forms.Form):
    """A form that asks an organiser how the words have changed, before publishing a pledge that somebody has signed.

    Once the form is valid, `publish` publishes the pledge.
    """

    SLIP, NEW = "slip", "new"
    change = forms.ChoiceField(
        label=_("How have the words that people signed changed?"),
        choices=[
            (SLIP, _("It corrects a slip")),
            (NEW, _("It is a new wording")),
        ],
        help_text=_(
            "A slip is a word that is misspelt, or typed twice. Anything else is a new wording, with the next number. "
            "Earlier signatures stay with the words that were signed, and visitors can read both."
        ),
        error_messages={"required": _("Choose whether it corrects a slip or is a new wording")},
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason for the correction"),
        required=False,
        max_length=MAX_REASON,
        help_text=_("Visitors see it under the pledge, with the old and the new words."),
    )

    def __init__(self, pledge: Pledge, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pledge = pledge

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms: only the fields, which go inside the page's own form."""
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        return helper

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("change") != self.SLIP or self.errors:
            return data
        if not data["reason"]:
            self.add_error("reason", _("Give a reason, which visitors see"))
        why = self.pledge.why_no_slip()
        if why:
            self.add_error("change", why)
        return data

    def publish(self, by: User, live_at: datetime | None = None, **more: Any) -> Version:
        """Publish the pledge as chosen, passing on other arguments of `Pledge.publish`. Raises NotReadyError."""
        if self.cleaned_data["change"] == self.SLIP:
            return self.pledge.publish_correction(self.cleaned_data["reason"], by, live_at, **more)
        return self.pledge.publish_new_wording(by, live_at, **more)
