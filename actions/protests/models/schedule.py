"""Schedules: when and where a protest takes place, from a first date onwards."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.protests.models.occasion import WRONG_END, is_possible
from actions.protests.models.place import Place
from actions.protests.models.schedule_words import in_words, rule_in_words
from campaign.text.times import day_in_words
from campaign.versions.versioned import Part

MAX_DAYS = 60
MAX_WEEKS = 52
# A date outside this range is a typing error, and some calendar programs can't read it.
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
IN_RANGE = [
    MinValueValidator(EARLIEST, _("Enter a date from 1970 onwards.")),
    MaxValueValidator(LATEST, _("Enter a date before the year 2200.")),
]


class Weekday(models.IntegerChoices):
    """The days of the week, numbered as in Python."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Ordinal(models.IntegerChoices):
    """Which Sunday of the month, for instance. "Fifth" is missing, because most months have no fifth Sunday."""

    FIRST = 1, _("first")
    SECOND = 2, _("second")
    THIRD = 3, _("third")
    FOURTH = 4, _("fourth")
    LAST = -1, _("last")


class Schedule(Part):
    """A rule for a protest's days, with its times and place.

    It is in force from `first_on` until `last_on`, or until the day before the next schedule begins.
    """

    class Repeats(models.TextChoices):
        WEEKLY = "weekly", _("every week, or every few weeks")
        MONTHLY = "monthly", _("once a month, such as on the first Sunday")
        DATES = "dates", _("on single dates only")

    whole = "protest"
    is_fact = True
    protest = models.ForeignKey("protests.Protest", models.CASCADE, related_name="schedules")
    uid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    repeats = models.CharField(
        _("how often"),
        max_length=7,
        choices=Repeats,
        default=Repeats.WEEKLY,
        help_text=_("For a vigil on one Sunday, choose “on single dates only” and enter its date."),
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("days of the week"),
        size=len(Weekday),
        default=list,
        blank=True,
        help_text=_("Not needed for single dates. If it is once a month, choose one day."),
    )
    every = models.PositiveSmallIntegerField(
        _("how many weeks apart"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WEEKS)],
        help_text=_("1 is every week, 2 is every second week, counted from the week of the first protest."),
    )
    ordinal = models.SmallIntegerField(
        _("which one in the month"),
        choices=Ordinal,
        default=Ordinal.FIRST,
        help_text=_("Only if it is once a month: on the first Sunday, for instance, or on the last."),
    )
    days = ArrayField(
        models.DateField(validators=IN_RANGE),
        verbose_name=_("single dates"),
        size=MAX_DAYS,
        default=list,
        blank=True,
        help_text=_("Only for single dates: one on each line, such as 6 December 2026. At most 60."),
    )
    start_time = models.TimeField(_("starts at"), help_text=_("By the clock where the protest is, such as 6pm."))
    end_time = models.TimeField(
        _("ends at"),
        help_text=_("By the same clock, such as 7pm or midnight. A time before the start is on the next day."),
    )
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        verbose_name=_("place"),
        related_name="+",
        help_text=_("Choose a place, or add one with the plus sign."),
    )
    first_on = models.DateField(
        _("from"),
        blank=True,
        validators=IN_RANGE,
        help_text=_(
            "The first day of this schedule, which may be in the past. Earlier dates stay as they were. Not needed for "
            "single dates."
        ),
    )
    last_on = models.DateField(
        _("last date"),
        null=True,
        blank=True,
        validators=IN_RANGE,
        help_text=_("Leave it blank if there is no end in sight. It ends by itself when the next schedule begins."),
    )

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["first_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["protest", "first_on"],
                name="one_schedule_from_a_date",
                violation_error_message=_("Another schedule begins on that day."),
            ),
            models.CheckConstraint(
                condition=~models.Q(end_time=models.F("start_time")),
                name="schedule_end_is_not_its_start",
                violation_error_message=WRONG_END,
            ),
            models.CheckConstraint(
                condition=models.Q(last_on=None) | models.Q(last_on__gte=models.F("first_on")),
                name="schedule_last_after_first",
                violation_error_message=_("The last date can’t be before the first."),
            ),
            models.CheckConstraint(condition=models.Q(every__gte=1), name="schedule_every_week_or_more"),
        ]

    NEEDED: ClassVar[dict[str, str]] = {
        Repeats.WEEKLY: "weekdays",
        Repeats.MONTHLY: "weekdays",
        Repeats.DATES: "days",
    }

    def __str__(self) -> str:
        return self.in_words

    def clean(self) -> None:
        """Raise ValidationError for each field that is wrong, or that leaves the schedule without a date."""
        self.weekdays = sorted(set(self.weekdays or []))
        self.days = sorted(set(self.days or []))
        if self.repeats == self.Repeats.DATES and self.days:
            self.first_on, self.last_on = self.days[0], self.days[-1]
        if faults := dict(self._faults()):
            raise ValidationError(faults)

    def _faults(self) -> Iterator[tuple[str, Any]]:
        if self.start_time and self.end_time and not is_possible(self.start_time, self.end_time):
            yield "end_time", WRONG_END
        needed = self.NEEDED.get(self.repeats)
        if needed and not getattr(self, needed):
            yield needed, MISSING[needed]
        elif self.repeats == self.Repeats.MONTHLY and len(self.weekdays) > 1:
            yield "weekdays", _("If it is once a month, choose only one day of the week.")
        elif self.repeats != self.Repeats.DATES:
            yield from self._faults_of_first_and_last()

    def _faults_of_first_and_last(self) -> Iterator[tuple[str, Any]]:
        if not self.first_on:
            yield "first_on", _("Enter the first day, such as 24 November 2026.")
        elif self.last_on and self.last_on < self.first_on:
            yield "last_on", _("The last date can’t be before the first.")
        elif self.last_on and not self.has_dates(self.last_on):
            error = gettext("There is no date between the first date and the last: %(rule)s.")
            yield "last_on", error % {"rule": rule_in_words(self)}

    def check_follower(self, following: "Schedule") -> None:
        """Raise ValidationError if the schedule that follows begins before this one has had a date."""
        if not self.has_dates(following.first_on - timedelta(days=1)):
            error = gettext("The schedule from %(day)s leaves this one without a date. Remove one of the two.")
            raise ValidationError({self.start_field: error % {"day": day_in_words(following.first_on)}})

    @property
    def start_field(self) -> str:
        """Return the name of the field that says when the schedule begins."""
        return "days" if self.repeats == self.Repeats.DATES else "first_on"

    def has_dates(self, until: date) -> bool:
        """Return whether the schedule has a date on or before `until`; True if its rule can't be read."""
        try:
            first = next(self.regular_days(self.first_on), None)
        except (ArithmeticError, TypeError, ValueError):
            return True  # the fields' own errors say more
        return first is not None and first <= until

    @property
    def in_words(self) -> str:
        """Return the rule and the times, such as "Every Tuesday, 6pm to 7pm"."""
        return in_words(self)

    def in_words_on(self, day: date) -> str:
        """Return `in_words` or, if it begins after `day`, "From 5 January 2027: every Tuesday, 6pm to 7pm"."""
        words = self.in_words
        if self.repeats == self.Repeats.DATES or self.first_on <= day:
            return words
        values = {"day": date_format(self.first_on, "j F Y"), "schedule": words[:1].lower() + words[1:]}
        return gettext("From %(day)s: %(schedule)s") % values

    def regular_days(self, since: date) -> Iterator[date]:
        """Yield the regular dates from `since` onwards, in order, regardless of other schedules.

        Raises ValueError for a rule that matches no day, for which `rrule` would search until the year 9999.
        """
        for day in self._matching(max(self.first_on, since)):
            if self.last_on and day > self.last_on:
                return
            yield day

    def _matching(self, since: date) -> Iterator[date]:
        if self.repeats == self.Repeats.DATES:
            return iter(sorted(day for day in self.days if day >= since))
        days = [Weekday(day) for day in self.weekdays]
        if not days:
            raise ValueError("This schedule has no day of the week.")
        if self.repeats == self.Repeats.MONTHLY:
            nth = weekday(days[0], Ordinal(self.ordinal))
            return (moment.date() for moment in rrule(MONTHLY, byweekday=nth, dtstart=_midnight(since)))
        return self._weekly(days, since)

    def _weekly(self, days: list[Weekday], since: date) -> Iterator[date]:
        """Yield the days of every nth week, counting from the week of the first date, not from that of `first_on`."""
        if self.every < 1:
            raise ValueError("A schedule repeats every week, or every few weeks.")
        first = min(self.first_on + timedelta(days=(day - self.first_on.weekday()) % 7) for day in days)
        week = first - timedelta(days=first.weekday())
        passed = max(0, (since - week).days // (7 * self.every))
        begins = _midnight(week + timedelta(weeks=passed * self.every))
        moments = rrule(WEEKLY, interval=self.every, byweekday=days, wkst=MO, dtstart=begins)
        return (moment.date() for moment in moments if moment.date() >= since)


MISSING = {
    "weekdays": _("Choose at least one day of the week."),
    "days": _("Enter at least one date, such as 6 December 2026."),
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())
