"""The form that an organiser fills in before a dangerous action."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ApprovalRequestForm(forms.Form):
    """The number of people affected, typed out, and the reason. Actions that aren't about people need no number."""

    number = forms.IntegerField(
        label=_("Enter the number of people affected"),
        error_messages={
            "required": _("Enter the number of people this affects"),
            "invalid": _("Enter the number in figures, such as 12"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "8"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("This is kept, and other organisers can read it. Do not include personal details."),
        error_messages={"required": _("Enter a reason")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    def __init__(self, *args: Any, people: int, counts_people: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        if not counts_people:
            del self.fields["number"]

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        if number != self.people:
            wrong = gettext("This affects %(people)s, not %(number)s. Check the list, then enter the number again")
            raise forms.ValidationError(wrong % {"people": self.people, "number": number})
        return number
