"""Forms with which signers look after their own signatures."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms.fields import address_field, name_field
from campaign.forms.guard import layout
from pledges.forms.public_name import PUBLIC_PARTS, PUBLIC_QUESTION, PublicNameForm
from pledges.forms.reason import ReasonField
from pledges.forms.signer_fields import visibility_field
from pledges.models import Signature


class AskForm(forms.Form):
    """A request for a manage link: the address to send it to."""

    email = address_field()

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        return layout("email", Submit("submit", _("Send me the link"), css_class="button-action"))


class ChangeForm(PublicNameForm):
    """A form for what signers can change about their own signatures."""

    name = name_field()
    visibility = visibility_field()
    reason = ReasonField()
    updates = forms.BooleanField(
        label=_("Send me news of this campaign by e-mail"),
        required=False,
        help_text=_(
            "If you untick this, we will send no more news to this address, whatever else you have signed or asked for."
        ),
    )

    def __init__(self, *args: Any, takes_reasons: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not takes_reasons:
            del self.fields["reason"]
        if self.initial["sealed_name"]:
            self.fields["name"].required = False
            self.fields["name"].help_text = _(
                "Your name is sealed, so not even this site can read it any more. "
                "Leave this empty to keep it, or enter a new one."
            )

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        self.is_valid()
        save = _("Yes, show this and save") if self.to_confirm else _("Save")
        return layout(
            "name",
            "visibility",
            PUBLIC_PARTS,
            *([Div("reason", css_class="for-public")] if "reason" in self.fields else []),
            "updates",
            "public_seen",
            PUBLIC_QUESTION,
            Submit("save", save, css_class="button-action"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("visibility") == Signature.Visibility.COUNT:
            self.forget(data, "name")
        if data.get("visibility") == Signature.Visibility.PUBLIC:
            self._clean_sealed(data)
        elif "reason" in self.fields:
            self.forget(data, "reason")
        self.clean_public_name(data, self.initial["organisation"] or "", self.initial["link"] or "")
        return data

    def _clean_sealed(self, data: dict[str, Any]) -> None:
        """Refuse to publish anything that is sealed."""
        if self.initial["sealed_organisation"]:
            text = _(
                "We can’t show your organisation, because its name is sealed: not even this site can read it any more. "
                "Withdraw this signature, and sign again."
            )
            self.add_error("visibility", text)
        elif not any((data.get("name"), data.get("shown_name"), self.initial["organisation"], "name" in self.errors)):
            self.add_error(
                "name", _("Enter your full name, or a name to show: we can’t read the one that you signed with")
            )

    def changes(self) -> dict[str, Any]:
        """Return the valid form's answers as arguments of `Signature.change`."""
        answers = {name: self.cleaned_data[name] for name in ("visibility", "name", "shown_name", "town", "updates")}
        return answers | {"reason": self.cleaned_data.get("reason")}
