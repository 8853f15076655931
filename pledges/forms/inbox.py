"""Forms on the page that asks signers to check their inbox."""

from django.utils.translation import gettext_lazy as _

from campaign.confirming import forms
from campaign.forms.fields import address_field


class CodeForm(forms.CodeForm):
    """A form for the code from a message and the address that it was sent to."""

    button = _("Confirm my signature")


class ResendForm(forms.ResendForm):
    """A request to send the message again."""

    email = address_field(help_text=_("The address that you signed with."))
