"""The form with which a community joins."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.communities.forms.naming import PUBLIC_QUESTION, NamingForm
from actions.communities.models import Community, Region, Step
from actions.communities.models.region import region_of
from campaign.confirming.forms import MistypedAddressForm
from campaign.forms.details import Group
from campaign.forms.fields import address_field, format_html_lazy, name_field
from campaign.forms.guard import UnhurriedForm, layout
from campaign.forms.names import NameField
from campaign.places import postcodes

MAX_ROLE = 100
ANSWERS = ("kind", "visibility", "name", "language", "region", "outward_code", "contact_name", "contact_role")
# When a community plans to take a step, in days from today.
WHEN = [
    ("", _("Not decided")),
    ("30", _("Within a month")),
    ("90", _("Within three months")),
    ("180", _("Within six months")),
    ("365", _("Within a year")),
]


def role_field() -> NameField:
    """Return the field for a contact's role."""
    return NameField(
        label=_("Your role in the community"),
        max_length=MAX_ROLE,
        error_messages={"required": _("Enter your role"), "not_a_name": _("Enter your role in a few words")},
        help_text=_("Such as chair, teacher or imam."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )


class JoinForm(UnhurriedForm, NamingForm, MistypedAddressForm):
    """A form that checks and tidies what people type about a community that joins. `Community.join` stores it."""

    keep_button = _("No, join with what I typed")
    change_button = _("Yes, change it and join")

    kind = forms.ChoiceField(
        label=_("Kind of community"),
        choices=lambda: [("", _("Choose one")), *Community.Kind.choices],
        error_messages={"required": _("Choose the kind of community")},
    )
    region = forms.ChoiceField(
        label=_("Region"),
        required=False,
        choices=lambda: [("", _("Choose a region")), *Region.choices],
        help_text=_("We count communities by region. You can enter a postcode instead."),
    )
    postcode = forms.CharField(
        label=_("Postcode (optional)"),
        required=False,
        max_length=12,
        help_text=_("We use it to find your region. Then we keep only the first half, such as NW3, in encrypted form."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "spellcheck": "false"}),
    )
    contact_name = name_field()
    contact_role = role_field()
    email = address_field(
        help_text=_(
            "Only some organisers can see it. We will send a message asking you to confirm and, later, your link."
        )
    )
    agree = forms.BooleanField(
        label=format_html_lazy(
            _(
                "I have permission to speak for this community. I have read the "
                '<a href="{}">privacy notice</a>, and agree that you may hold what I have entered.'
            ),
            reverse_lazy("page", args=["privacy"]),
        ),
        error_messages={"required": _("Tick the box if you have permission to speak for the community, and agree")},
    )
    field_order = (
        "kind",
        "name",
        "language",
        "visibility",
        "region",
        "postcode",
        "contact_name",
        "contact_role",
        "email",
    )

    def __init__(self, steps: list[Step], data: Any = None) -> None:
        super().__init__(data)
        self.steps = {f"step-{step.code.hex}": step for step in steps}
        for name, step in self.steps.items():
            self.fields[name] = forms.ChoiceField(label=step.title, required=False, choices=WHEN)

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        email = self.email_with_question()
        join = _("Yes, name us and join") if self.to_confirm else _("Join")
        return layout(
            *("kind", "name", self.language_part(), "visibility", "region", "postcode"),
            *("contact_name", "contact_role", email, "email_as_typed"),
            *([Group(_("Which steps, and by when? (optional)"), *self.steps)] if self.steps else []),
            *("agree", "stamp", "public_seen", PUBLIC_QUESTION),
            Submit("submit", join, css_class="button-action"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_place(data)
        if not self.suggested:
            self.clean_naming(data)
        return data

    def _clean_place(self, data: dict[str, Any]) -> None:
        """Replace a postcode with its region and outward code. Without a postcode, require a region."""
        data["outward_code"], typed = "", data.pop("postcode", "")
        if typed:
            try:
                postcode = postcodes.normalise(typed)
            except postcodes.NotAPostcodeError as error:
                self.add_error("postcode", f"{error}. {gettext('You can also leave it empty and choose a region')}")
                return
            data["outward_code"] = postcodes.outward_code(postcode)
            data["region"] = region_of(postcode) or data.get("region", "")
        if data.get("region") == "":
            self.add_error("region", _("Choose your region"))

    def answers(self) -> dict[str, Any]:
        """Return the valid form's answers, as arguments of `Community.join`."""
        return {name: self.cleaned_data[name] for name in ANSWERS}

    def planned(self) -> dict[UUID, date | None]:
        """Return the day by which the community plans to take each step that it has chosen, by the step's code."""
        today = timezone.localdate()
        chosen = {step.code: self.cleaned_data[name] for name, step in self.steps.items()}
        return {code: today + timedelta(days=int(days)) for code, days in chosen.items() if days}
