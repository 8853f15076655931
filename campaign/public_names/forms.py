"""The form that an organiser fills in before hiding all public names."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.public_names.models import Hiding


class HidingForm(forms.Form):
    """The reason, from a list, because free text might name a supporter."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=Hiding.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason")},
    )
