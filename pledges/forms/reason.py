"""The field for a signer's reason, and the form for confirming that contains it."""

import re
import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.forms.details import Details
from campaign.forms.guard import layout
from campaign.forms.names import TidyField
from pledges.models.reason import MAX_REASON

# Endings of addresses that people write without "https://". Not every ending is here: "told.me" has to pass.
ENDINGS = "app|biz|club|cn|com|edu|eu|fr|gov|il|info|io|link|ly|net|online|org|ru|shop|site|top|tv|uk|us|xyz"
LINK = re.compile(rf"https?:|www\.|\w\.(?:{ENDINGS})\b|\w\.[a-z]{{2,}}/", re.IGNORECASE)
ADDRESS = re.compile(r"\S@\S|(?:^|\s)@\w")
# Nine digits or more. Years with a dash between them, such as 1939-1945, have only eight.
NUMBER = re.compile(r"(?:\d[\s().+/-]{0,3}){9}")
REFUSALS = {
    LINK: _("Leave out links: write the reason in words only"),
    ADDRESS: _("Leave out e-mail addresses and account names: anyone will be able to read this"),
    NUMBER: _("Leave out telephone numbers: anyone will be able to read this"),
}


class ReasonField(TidyField):
    """A reason of up to 200 characters, tidied up. It may not contain links, addresses or telephone numbers."""

    def __init__(self, **kwargs: Any) -> None:
        options = {
            "label": _("Why are you signing? (optional)"),
            "required": False,
            "help_text": _(
                "Up to 200 characters. Once an organiser has read it, anyone in any country can read it beside your "
                "name. Say nothing that could identify somebody else."
            ),
            "widget": forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
        }
        super().__init__(max_length=MAX_REASON, **options | kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        ordinary = unicodedata.normalize("NFKC", text)
        for pattern, refusal in REFUSALS.items():
            if pattern.search(ordinary):
                raise ValidationError(refusal, code="not_words")
        return text


class ConfirmForm(forms.Form):
    """A form with the question that public signers may answer while they confirm."""

    reason = ReasonField()

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms: only the field. It goes inside the page's own form."""
        summary = _("Say why you are signing (optional)")
        repeated = [name for name in self.fields if name != "reason"]
        helper = layout(*repeated, Details(summary, "reason", is_open=bool(self.errors)))
        helper.form_tag = False
        return helper


class ConfirmByCodeForm(ConfirmForm):
    """The same question for a public signer who has entered the code, which the form repeats."""

    email = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(widget=forms.HiddenInput)
