"""The tracker that a visitor asks for: the current one, or the one at the end of a past day."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_DAY = date(2000, 1, 1)


class DayForm(forms.Form):
    """A choice of past day. Choosing today has no effect, because it isn't over yet."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Enter a day such as 2026-11-01.")},
        widget=forms.DateInput({"type": "date", "min": FIRST_DAY.isoformat()}, format="%Y-%m-%d"),
    )

    def __init__(self, today: date, data: QueryDict | None = None, **kwargs: object) -> None:
        super().__init__(data, **kwargs)  # type: ignore[arg-type]
        self.today = today
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and day > self.today:
            raise ValidationError(_("This day is still to come."))
        if day and day < FIRST_DAY:
            raise ValidationError(_("Enter a day in 2000 or later."))
        return None if day == self.today else day


@dataclass(frozen=True)
class Seen:
    """The tracker that a visitor sees: as of the end of `day`, or as of `now` if `day` is None.

    `problem` says why we can't show the day that they asked for.
    """

    now: datetime
    day: date | None = None
    problem: str = ""

    @classmethod
    def asked_for(cls, parameters: QueryDict, now: datetime) -> "Seen":
        """Return what a URL's parameters ask for at `now` (aware)."""
        form = DayForm(timezone.localdate(now), parameters)
        if form.is_valid():
            return cls(now, form.cleaned_data["day"])
        return cls(now, problem=" ".join(map(str, form.errors["day"])))

    @property
    def moment(self) -> datetime:
        """Return the moment (aware) whose tracker is shown."""
        return end_of(self.day) if self.day else self.now

    @property
    def date(self) -> date:
        """Return the day whose tracker is shown."""
        return self.day or timezone.localdate(self.now)

    @property
    def form(self) -> DayForm:
        """Return the form for choosing another day, filled in with this one."""
        return DayForm(timezone.localdate(self.now), initial={"day": self.day})

    @property
    def is_listed(self) -> bool:
        """Return whether search engines may list the page: only the current one."""
        return self.day is None and not self.problem


def end_of(day: date) -> datetime:
    """Return the last moment of a day in the site's time zone (aware)."""
    return timezone.make_aware(datetime.combine(day, time.max))


def midnight_after(now: datetime) -> datetime:
    """Return the next midnight (aware) after `now` in the site's time zone, when a status may change by itself."""
    return end_of(timezone.localdate(now)) + datetime.resolution
