"""Forms with which a contact looks after a community's entry, opened by the link in a message."""

from datetime import date, datetime
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.communities.forms.join import role_field
from actions.communities.forms.naming import PUBLIC_QUESTION, NamingForm
from actions.communities.models import Community, ContactChange, PlannedStep, Report, Step
from actions.communities.models.progress import MAX_REPORT
from campaign.confirming.forms import MistypedAddressForm
from campaign.forms.details import Group
from campaign.forms.fields import WordsField, address_field, name_field
from campaign.forms.guard import layout

# How people write dates. A browser's own date input takes five presses of Tab, and its format is set by the system.
DAY_FORMATS = ["%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]


class AskForm(forms.Form):
    """A request for the manage link: the address to send it to."""

    email = address_field(help_text=_("The address of your community’s contact."))

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        return layout("email", Submit("submit", _("Send me the link"), css_class="button-action"))


class ManageForm(forms.Form):
    """One of the forms on the page. The hidden field `what` tells them apart."""

    key: ClassVar[str]
    once_approved: ClassVar[bool] = False  # whether it appears only after an organiser has approved the community
    button: ClassVar[Any] = _("Save")

    what = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, community: Community, steps: list[Step], data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id=f"{self.key}_%s", **options)
        self.community, self.steps = community, steps
        self.fields["what"].initial = self.key

    def parts(self) -> list[Any]:
        """Return the parts of the layout."""
        return [*self.fields]

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        return layout(*self.parts(), Submit("save", self.button, css_class="button-action"))

    def apply(self, now: datetime) -> None:
        """Carry out what the valid form requests, at `now` (aware)."""
        raise NotImplementedError


class StepsForm(ManageForm):
    """The steps that the community has taken, and the days by which it plans to take the others."""

    key = "steps"
    once_approved = True

    def __init__(self, community: Community, steps: list[Step], data: Any = None) -> None:
        super().__init__(community, steps, data)
        self.stored = {one.code: one for one in community.steps.all()}
        for step in steps:
            done, by = self.names(step)
            stored = self.stored.get(step.code)
            self.fields[done] = forms.BooleanField(
                label=_("We have done this"), required=False, initial=bool(stored and stored.done_on)
            )
            self.fields[by] = forms.DateField(
                label=_("By when (optional)"),
                required=False,
                initial=stored.by if stored else None,
                input_formats=DAY_FORMATS,
                error_messages={"invalid": _("Enter a day such as 10 December 2026")},
                widget=forms.DateInput(format=DAY_FORMATS[0], attrs={"autocomplete": "off"}),
            )

    @staticmethod
    def names(step: Step) -> tuple[str, str]:
        """Return the names of a step's two fields."""
        return f"done-{step.code.hex}", f"by-{step.code.hex}"

    def parts(self) -> list[Any]:
        return ["what", *(Group(step.title, *self.names(step)) for step in self.steps)]

    @transaction.atomic
    def apply(self, now: datetime) -> None:
        rows = [self._row(step, timezone.localdate(now)) for step in self.steps]
        self.community.steps.filter(code__in=[step.code for step in self.steps]).delete()
        PlannedStep.objects.bulk_create([row for row in rows if row.by or row.done_on], ignore_conflicts=True)
        self.community.touch(now)

    def _row(self, step: Step, today: date) -> PlannedStep:
        done, by = (self.cleaned_data[name] for name in self.names(step))
        stored = self.stored.get(step.code)
        done_on = ((stored.done_on if stored else None) or today) if done else None
        return PlannedStep(community=self.community, code=step.code, by=by, done_on=done_on)


class ReportForm(ManageForm):
    """A report about what the community did, for the organisers to read."""

    key = "report"
    once_approved = True
    button = _("Send to the organisers")

    text = WordsField(
        label=_("What did you do?"),
        max_length=MAX_REPORT,
        help_text=_("Up to 1,000 characters. Don’t name guests or other people. Only the organisers read it."),
        error_messages={"required": _("Say what you did")},
    )

    def clean(self) -> dict[str, Any]:
        if Report.objects.limit_reached(self.community, timezone.now()):
            self.add_error(None, _("You have sent five reports today. Please send the next one tomorrow."))
        return super().clean() or self.cleaned_data

    @transaction.atomic
    def apply(self, now: datetime) -> None:
        Report.objects.create(community=self.community, text=self.cleaned_data["text"], sent_at=now)
        self.community.touch(now)


class EntryForm(ManageForm, NamingForm):
    """The choice of whether and how the community is named."""

    key = "entry"

    def __init__(self, community: Community, steps: list[Step], data: Any = None) -> None:
        current = {name: getattr(community, name) for name in ("visibility", "name", "language")}
        super().__init__(community, steps, data, initial=current)

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        self.is_valid()
        self.button = _("Yes, name us and save") if self.to_confirm else _("Save")  # type: ignore[misc]
        return super().helper

    def parts(self) -> list[Any]:
        return ["what", "visibility", "name", self.language_part(), "public_seen", PUBLIC_QUESTION]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.clean_naming(data)
        return data

    def apply(self, now: datetime) -> None:
        answers = {name: self.cleaned_data[name] for name in ("visibility", "name", "language")}
        self.community.change_entry(**answers, now=now)


class ContactForm(ManageForm, MistypedAddressForm):
    """A new contact, who has to confirm by mail before taking over."""

    key = "contact"
    button = _("Ask them to confirm")

    contact_name = name_field()
    contact_role = role_field()
    email = address_field(help_text=_("We send a message there. Nothing changes until they confirm."))

    def parts(self) -> list[Any]:
        return ["what", "contact_name", "contact_role", self.email_with_question(), "email_as_typed"]

    @transaction.atomic
    def apply(self, now: datetime) -> None:
        answers = {name: self.cleaned_data[name] for name in ("email", "contact_name", "contact_role")}
        ContactChange.request(self.community, now=now, **answers)
        self.community.touch(now)


FORMS: tuple[type[ManageForm], ...] = (StepsForm, ReportForm, EntryForm, ContactForm)


def forms_for(community: Community, steps: list[Step], posted: QueryDict) -> dict[str, ManageForm]:
    """Return the forms on the community's page, by key. Only the one that was posted, if any, is bound."""
    shown = [kind for kind in FORMS if community.approved_at or not kind.once_approved]
    return {kind.key: kind(community, steps, posted if posted.get("what") == kind.key else None) for kind in shown}
