"""The form for creating a file of the data that we hold about a person."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.forms.email_address import EmailAddressFormField
from campaign.subject_access.models import SubjectAccess


class SubjectAccessForm(forms.ModelForm):
    """A form that checks the address and the reason. `SubjectAccess.answer` does the rest."""

    email = EmailAddressFormField(
        label=_("E-mail address"),
        help_text=_("The whole address that the person wrote from. It is not stored."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta:
        model = SubjectAccess
        fields = ["reason"]
        help_texts = {
            "reason": _("When and how they asked, and how you know that it was them. Leave out their name and address.")
        }

    def clean_reason(self) -> Any:
        """Refuse an address: the record of the answer must not name the person."""
        reason = self.cleaned_data["reason"]
        if "@" in unicodedata.normalize("NFKC", reason):
            raise ValidationError(_("Leave the address out: the reason is kept, and other organisers can read it."))
        return reason
