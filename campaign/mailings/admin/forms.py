"""The forms about mailings: the draft, and the time to send it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.forms.date_and_time import NamedSplitDateTimeField
from campaign.mailings.approvals import MIN_WAIT
from campaign.mailings.models import Mailing


class AudienceField(forms.ChoiceField):
    """A list of the audiences that apps offer. The current choice stays in it even if no app offers it any longer."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        before = form.get_initial_for_field(self, field_name)
        if before and not self.valid_value(before):
            self.choices = [*self.choices, (before, _("a group that no longer exists"))]  # type: ignore[misc]
        return super().get_bound_field(form, field_name)


class MailingForm(forms.ModelForm):
    """The form of a draft."""

    class Meta:
        model = Mailing
        fields = ["subject", "preheader", "language", "audience", "region", "constituency", "tag"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("region") and data.get("constituency"):
            self.add_error("region", _("Choose a region or a constituency, not both."))
        return data


class SendForm(forms.Form):
    """A form that asks when to send a mailing."""

    send_at = NamedSplitDateTimeField(
        label=gettext_lazy("When"),
        required=False,
        help_text=gettext_lazy("Leave both empty to start five minutes after a second organiser approves it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget: Any = self.fields["send_at"].widget
        widget.widgets[0].input_type, widget.widgets[1].input_type = "date", "time"

    def clean_send_at(self) -> Any:
        send_at = self.cleaned_data["send_at"]
        if send_at and send_at < timezone.now() + MIN_WAIT:
            raise forms.ValidationError(_("Choose a time at least five minutes from now, or leave both empty."))
        return send_at
