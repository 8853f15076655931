"""Fields that the public forms about businesses share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms.guard import UnhurriedForm
from campaign.forms.names import NameField, TidyField
from campaign.links.fields import HTTPS_ONLY

MAX_WEBSITE = 200
WEBSITE = _("Website")


def website_field(label: Any = WEBSITE, **more: Any) -> forms.URLField:
    """Return the field for a website. It reads an address without a scheme as one that begins with https://."""
    return forms.URLField(
        label=label,
        max_length=MAX_WEBSITE,
        assume_scheme="https",
        validators=[HTTPS_ONLY],
        **more,
        error_messages={
            "required": _("Enter the website, such as www.example.com"),
            "invalid": _("Enter an address such as www.example.com. It may not begin with http://"),
        },
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false", "dir": "ltr"}),
    )


class SenderForm(UnhurriedForm):
    """A form with the sender's name and role."""

    name = NameField(
        label=_("Your name"),
        max_length=100,
        error_messages={"required": _("Enter your name")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    role = TidyField(
        label=_("Your role"),
        max_length=100,
        error_messages={"required": _("Enter your role, such as “chair” or “head of purchasing”")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
