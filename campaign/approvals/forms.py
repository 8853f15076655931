"""What an organiser has to type before a dangerous act."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """The number of people, typed by hand, and the reason."""

    number = forms.IntegerField(
        label=_("Type the number of people"),
        error_messages={
            "required": _("Type the number of people that this affects"),
            "invalid": _("Type the number in figures, such as 12"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "8"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It is kept. Other organisers can read it, so do not put personal details here."),
        error_messages={"required": _("Give the reason")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    def __init__(self, *args: Any, people: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        if number != self.people:
            wrong = gettext("This affects %(people)s, not %(number)s. Check the list, then type the number again")
            raise forms.ValidationError(wrong % {"people": self.people, "number": number})
        return number
