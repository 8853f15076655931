"""The base of every form for a complaint about an entry."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.utils.translation import gettext_lazy as _

from campaign.forms.fields import WordsField, address_field
from campaign.forms.guard import UnhurriedForm, layout


class ComplaintForm(UnhurriedForm):
    """A form for what is wrong with an entry, and where to send the answer. Each app adds a field for the entry.

    `shown` names the fields in order.
    """

    shown: ClassVar[tuple[str, ...]] = ("words", "email")

    words = WordsField(label=_("What is wrong with it?"), error_messages={"required": _("Say what is wrong")})
    email = address_field(help_text=_("We use it only to answer this complaint."))

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        send = Submit("send", _("Send the complaint"), css_class="button-action")
        return layout(*self.shown, "stamp", send)

    def answers(self) -> dict[str, Any]:
        """Return a valid form's answers, by field of the complaint."""
        return {name: self.cleaned_data[name] for name in self.shown}
