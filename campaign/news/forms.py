"""The form on which people ask for news."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.utils.translation import gettext_lazy as _

from campaign.confirming.forms import MistypedAddressForm
from campaign.forms.guard import UnhurriedForm, layout


class JoinForm(MistypedAddressForm, UnhurriedForm):
    """A form that asks only for an address. `Subscriber.join` stores it."""

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        button = Submit("submit", _("Send me news"), css_class="button-action")
        return layout(self.email_with_question(), "email_as_typed", "stamp", button)
