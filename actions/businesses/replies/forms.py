"""The form with which a company replies."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.utils.translation import gettext_lazy as _

from actions.businesses.offers.fields import SenderForm
from campaign.forms.fields import WordsField
from campaign.forms.guard import layout


class ReplyForm(SenderForm):
    """A company's reply, with its sender's name and role."""

    words = WordsField(
        label=_("The company’s reply"),
        help_text=_("We publish it exactly as you write it, marked as the company’s own words."),
        error_messages={"required": _("Write the company’s reply")},
    )
    field_order = ("words", "name", "role")

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        send = Submit("send", _("Send the reply"), css_class="button-action")
        return layout("words", "name", "role", "stamp", send)

    def answers(self) -> dict[str, Any]:
        """Return a valid form's answers, by field of `CompanyReply`."""
        return {name: self.cleaned_data[name] for name in ("words", "name", "role")}
