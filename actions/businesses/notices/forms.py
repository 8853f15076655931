"""The form for a letter to a company."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Notice
from actions.businesses.models.notice import address_for_notices


class LetterForm(forms.ModelForm):
    """A form with a drafted letter to a company, and a choice between mail and delivery by hand."""

    by_mail = forms.TypedChoiceField(
        label=_("Delivery"),
        choices=[("1", _("Mail it to the company’s contact address")), ("", _("I will deliver it myself"))],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "The site mails it only to a contact address at one of the company’s own domains. It adds the entry, its "
            "evidence, the last day to reply and a link for a reply. If you deliver it yourself, copy the whole letter "
            "from the request, and record the delivery afterwards, with proof such as a postal receipt. The letter "
            "then has no link for a reply, because anybody who has the link can reply on the company’s behalf."
        ),
    )

    class Meta:
        model = Notice
        fields = ["subject", "text"]
        widgets = {"subject": AdminTextInputWidget, "text": AdminTextareaWidget({"rows": 20})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not address_for_notices(self.instance.brand):
            field: Any = self.fields["by_mail"]
            field.choices = field.choices[1:]
            self.initial["by_mail"] = ""

    def save(self, commit: bool = True) -> Notice:
        """Save the letter with the address that it will be mailed to, or without one if the organiser delivers it."""
        by_mail = self.cleaned_data["by_mail"]
        self.instance.recipient = address_for_notices(self.instance.brand) if by_mail else None
        return super().save(commit)
