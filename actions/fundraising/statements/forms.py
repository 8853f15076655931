"""The form for requesting a statement."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.fundraising.statements.tax_years import recent_years
from campaign.forms.email_address import EmailAddressFormField
from campaign.forms.guard import layout


class AskForm(forms.Form):
    """A request for a tax-year statement: the donor's e-mail address and the year."""

    email = EmailAddressFormField(
        label=_("E-mail address that you donated with"),
        error_messages={"required": _("Enter your e-mail address")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    tax_year = forms.TypedChoiceField(
        label=_("Tax year"),
        choices=lambda: [(year.first, str(year)) for year in recent_years(timezone.localdate())],
        coerce=int,
        error_messages={"required": _("Choose a tax year"), "invalid_choice": _("Choose a tax year from the list")},
    )

    @property
    def helper(self) -> FormHelper:
        """Return the layout of the form for crispy-forms."""
        return layout("email", "tax_year", Submit("submit", _("Send me the link"), css_class="button-action"))
