"""The organisers' forms for protests, their schedules and their changed dates."""

from datetime import date, timedelta
from itertools import pairwise, takewhile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions.protests.models import ProtestChange, Schedule, Weekday
from actions.protests.models.change import NEW
from actions.protests.models.occasion import WRONG_END, is_possible
from actions.protests.models.periods import regular_days, schedule_on
from actions.protests.models.schedule import MAX_DAYS
from campaign.forms.box_group import BoxGroup
from campaign.forms.dates import DatesField
from campaign.text.times import day_in_words, listed

# How far from a date to look for the nearest regular ones.
NEAR = timedelta(days=62)


def label_and_hint(name: str) -> dict[str, Any]:
    """Return the arguments that give a form field the label and the hint of Schedule's field."""
    field: Any = Schedule._meta.get_field(name)
    return {"label": capfirst(field.verbose_name), "help_text": field.help_text, "required": False}


class ProtestForm(forms.ModelForm):
    """A protest, with a box for confirming when and where it takes place."""

    confirm = forms.BooleanField(
        label=gettext_lazy("I confirm the day, the time and the place"),
        required=False,
        help_text=gettext_lazy(
            "Tick this if you know that the protest will take place. Visitors see the date of your confirmation, but "
            "not your name. After eight weeks, or if the day, time or place changes, we ask them again to check before "
            "they travel."
        ),
    )


class ScheduleForm(forms.ModelForm):
    """A schedule: organisers tick days of the week, and type single dates one to a line."""

    weekdays = forms.TypedMultipleChoiceField(
        choices=Weekday.choices,
        coerce=int,
        widget=BoxGroup(gettext_lazy("Days of the week")),
        **label_and_hint("weekdays"),
    )
    days = DatesField(most=MAX_DAYS, **label_and_hint("days"))


class ScheduleFormSet(forms.BaseInlineFormSet):
    """All of a protest's schedules. Each must have a date before the next one begins."""

    def clean(self) -> None:
        """Add an error to each schedule that begins on the same day as another, or has no date before the next one.

        Raises ValidationError if every schedule is deleted: a last date ends a protest too, but keeps its past dates.
        """
        kept = sorted(self.kept_forms(), key=lambda form: form.instance.first_on)
        if self.deleted_forms and not kept and not any(form.errors for form in self.forms):
            raise ValidationError(_("Keep one schedule. If the protest has ended, enter its last date instead."))
        for form, following in pairwise(kept):
            if form.instance.first_on == following.instance.first_on:
                following.add_error(following.instance.start_field, _("Another schedule begins on that day."))
                continue
            try:
                form.instance.check_follower(following.instance)
            except ValidationError as error:
                form.add_error(None, error)
        super().clean()

    def kept_forms(self) -> list[Any]:
        """Return the forms that are filled in, have no errors and aren't deleted."""
        filled_in = [form for form in self.forms if form.has_changed() or form.instance.pk]
        return [form for form in filled_in if form not in self.deleted_forms and not form.errors]


class ChangeForm(forms.ModelForm):
    """A changed date, with its errors beside the fields."""

    def clean(self) -> dict[str, Any]:
        """Add an error to the new date if a move changes nothing, and to an end that can't follow the start."""
        found = super().clean() or self.cleaned_data
        if found.get("kind", self.instance.kind) != ProtestChange.Kind.MOVED or not self.errors.keys().isdisjoint(NEW):
            return found
        start, end = found.get("new_start"), found.get("new_end")
        if not any(found.get(name) is not None for name in NEW):
            self.add_error("new_on", _("Enter the new date, time or place."))
        elif start and end and not is_possible(start, end):
            self.add_error("new_end", WRONG_END)
        return found


class ChangeFormSet(forms.BaseInlineFormSet):
    """A protest's changed dates. New ones have to be regular dates of the schedules in the same form."""

    schedules: Any = None  # the formset of the schedules, set by the admin

    def clean(self) -> None:
        """Add an error to each new date that isn't a regular one, and to each end that can't follow its start.

        Dates that used to be regular may stay, because they have no effect.
        """
        super().clean()
        schedules = [form.instance for form in self.schedules.kept_forms()] if self.schedules else []
        if self.schedules is None or not self.schedules.is_valid():
            return
        for form in self.forms:
            if form.has_changed() and not form.errors and form not in self.deleted_forms:
                self._check(form, schedules)

    def _check(self, form: Any, schedules: list[Schedule]) -> None:
        change: ProtestChange = form.instance
        schedule = schedule_on(schedules, change.on)
        if schedule is None and "on" in form.changed_data:
            form.add_error("on", not_held(schedules, change.on))
        if change.has_wrong_end(schedule):
            form.add_error("new_end", WRONG_END)


def not_held(schedules: list[Schedule], day: date) -> str:
    """Return a message that the protest isn't held on a day, with the nearest regular dates before and after it."""
    nearby = takewhile(lambda found: found[1] <= day + NEAR, regular_days(schedules, day - NEAR))
    days = [found for _schedule, found in nearby]
    nearest = [*[found for found in days if found < day][-1:], *[found for found in days if found > day][:1]]
    sentence = _("The protest isn’t held on %(day)s.") % {"day": day_in_words(day)}
    if not nearest:
        return sentence
    near = ngettext("The nearest date is %(days)s.", "The nearest dates are %(days)s.", len(nearest))
    return f"{sentence} " + near % {"days": listed([day_in_words(day) for day in nearest])}
