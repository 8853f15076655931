"""The form on which people say that they are coming to a protest."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from actions.protests.models import Occasion
from campaign.confirming.forms import MistypedAddressForm
from campaign.forms.fields import address_field, choice, format_html_lazy, name_field
from campaign.forms.guard import UnhurriedForm, layout


class ComingForm(MistypedAddressForm, UnhurriedForm):
    """A form with the dates of one protest. `Attendee.come` stores the answers."""

    on = forms.ChoiceField(
        label=_("Which date are you coming to?"),
        error_messages={
            "required": _("Choose a date"),
            "invalid_choice": _("You can no longer choose this date. Choose another one"),
        },
        widget=forms.RadioSelect,
    )
    email = address_field(
        help_text=_(
            "We will send a message now, asking you to confirm, then a reminder the day before, and a message if the "
            "date is cancelled or changed. Unless you tick the first box below, we use your address for nothing else."
        )
    )
    name = name_field(
        required=False,
        help_text=_("Leave it blank if you like. Only organisers with a special permission can see it."),
    )
    wants_news = forms.BooleanField(label=_("The organisers may also write to me about this protest"), required=False)
    agree = forms.BooleanField(
        label=format_html_lazy(
            _(
                'I have read the <a href="{}">privacy notice</a>. I agree that you may hold what I have entered, which '
                "says something about my beliefs, until a week after the date."
            ),
            reverse_lazy("page", args=["privacy"]),
        ),
        error_messages={"required": _("Tick the box to say that you agree")},
    )

    def __init__(self, occasions: Sequence[Occasion], data: Any = None) -> None:
        super().__init__(data)
        self.occasions = {one.on.isoformat(): one for one in occasions}
        dates: Any = self.fields["on"]
        dates.choices = [(on, choice(one.when, one.place.name)) for on, one in self.occasions.items()]
        dates.initial = next(iter(self.occasions))
        self.fields["name"].label = _("Full name (optional)")

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        button = Submit("submit", _("Tell us that you are coming"), css_class="button-action")
        email = self.email_with_question()
        return layout("on", email, "email_as_typed", "name", "wants_news", "agree", "stamp", button)

    @property
    def occasion(self) -> Occasion:
        """Return the occasion that was chosen, once the form is valid."""
        return self.occasions[self.cleaned_data["on"]]
