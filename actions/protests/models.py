"""Protests that happen every week, and dates that are cancelled or moved."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, ClassVar, Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import WEEKLY, rrule
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.rich_text import RichTextField
from campaign.pages.shared import Shared
from campaign.versions.versioned import Part

log = logging.getLogger(__name__)
T = TypeVar("T")
# How long an organiser's confirmation of a weekly protest lasts.
CONFIRMED_FOR = timedelta(weeks=8)
# Raised for a row that can't be read: its rule matches no date, its time zone is unknown, or a time is missing.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, NoReverseMatch, OSError, TypeError, ValueError)


class Weekday(models.IntegerChoices):
    """The days of the week, numbered as in Python."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def a_timezone(name: str) -> None:
    """Raise ValidationError for a name that isn't in the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone; write it like Europe/London."), params={"name": name})


@dataclass(frozen=True)
class Occasion:
    """One date of a protest, with aware times: if it was moved, the new ones."""

    protest: "Protest"
    starts: datetime
    ends: datetime
    cancelled: bool = False
    moved: bool = False
    note: str = ""


class ProtestQuerySet(PublishedQuerySet["Protest"]):
    """Queries for protests."""

    def unconfirmed(self, today: date) -> Self:
        """Return protests that haven't ended and that no organiser has confirmed recently enough (CONFIRMED_FOR)."""
        coming = self.exclude(last_on__lt=today)
        return coming.exclude(confirmed_on__gt=today - CONFIRMED_FOR)

    def next_date(self, now: datetime) -> Occasion | None:
        """Return the next date of any protest from `now` (aware) that isn't cancelled; None if there is none."""
        read = read_each(self.prefetch_related("changes")[:50], lambda protest: protest.next_date(now))
        return min((occasion for _protest, occasion in read if occasion), key=lambda one: one.starts, default=None)


def read_each(protests: Iterable["Protest"], read: Callable[["Protest"], T]) -> list[tuple["Protest", T]]:
    """Return each protest with what `read` returns for it. Skip any that can't be read, and log its key."""
    results = []
    for protest in protests:
        try:
            results.append((protest, read(protest)))
        except UNREADABLE as error:
            log.error("Protest %s can't be shown (%s): correct it in the admin.", protest.pk, type(error).__name__)
    return results


class Protest(Shared, Published):
    """A protest on the same day every week."""

    facts: ClassVar[frozenset[str]] = Published.facts | {
        *("weekday", "start_time", "end_time", "timezone", "venue", "address", "first_on", "last_on"),
        *("confirmed_on", "confirmed_by"),
    }
    fact_parts: ClassVar[tuple[str, ...]] = ("changes",)

    details = RichTextField(
        _("details"),
        blank=True,
        help_text=_("What to know before coming: what happens, what to bring, how to get there."),
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday, help_text=_("The protest is on this day every week.")
    )
    start_time = models.TimeField(_("starts at"), help_text=_("By the clock where the protest is, such as 18:00."))
    end_time = models.TimeField(_("ends at"), help_text=_("By the same clock, later on the same day, such as 19:00."))
    timezone = models.CharField(
        _("time zone"),
        max_length=40,
        default="Europe/London",
        validators=[a_timezone],
        help_text=_("The clock that the times above follow, such as Europe/London. Summer time is taken care of."),
    )
    venue = models.CharField(
        _("place"), max_length=150, help_text=_("What people look for, such as “Chinese embassy”.")
    )
    address = models.TextField(
        _("address"), max_length=400, help_text=_("Street, town and postcode, one on each line, as visitors see it.")
    )
    first_on = models.DateField(_("first date"), help_text=_("The day of the first protest. It may be in the past."))
    last_on = models.DateField(
        _("last date"),
        null=True,
        blank=True,
        help_text=_("The day of the last protest. Leave it blank if there is no end in sight."),
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("confirmed by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects: ClassVar = ProtestQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("protest")
        verbose_name_plural = _("protests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_time__gt=models.F("start_time")),
                name="protest_ends_after_it_starts",
                violation_error_message=_("It has to end after it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(last_on=None) | models.Q(last_on__gte=models.F("first_on")),
                name="protest_last_after_first",
                violation_error_message=_("The last date can’t be before the first."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("protests:protest", args=[self.slug])

    def clean(self) -> None:
        """Raise ValidationError on the last date if the weekday doesn't occur between the first and last dates."""
        if self.weekday not in Weekday.values or not self.first_on or not self.last_on or self.last_on < self.first_on:
            return
        if not any(self.regular_days(self.first_on)):
            error = _("There is no %(day)s between the first date and the last.")
            raise ValidationError({"last_on": error % {"day": self.get_weekday_display()}})

    @property
    def schedule(self) -> str:
        """Time in words, such as "Every Tuesday, 18:00 to 19:00"."""
        return _("Every %(day)s, %(start)s to %(end)s") % {
            "day": self.get_weekday_display(),
            "start": time_format(self.start_time, "H:i"),
            "end": time_format(self.end_time, "H:i"),
        }

    @property
    def is_confirmed(self) -> bool:
        """Whether an organiser has recently confirmed the day, the time and the place."""
        return self.confirmed_on is not None and self.confirmed_on > timezone.localdate() - CONFIRMED_FOR

    @property
    def assurance(self) -> str:
        """Advice to visitors before they travel: when the protest was confirmed, or to check with the organisers."""
        if self.confirmed_on and self.is_confirmed:
            return gettext("Confirmed by the organisers on %(day)s.") % {"day": date_format(self.confirmed_on, "j F Y")}
        return gettext("Nobody has confirmed this recently: check with the organisers before you travel.")

    def regular_days(self, since: date) -> rrule:
        """Return the regular days from `since` onwards, without end unless `last_on` is set.

        Raises ValueError for an unknown weekday; otherwise `rrule` would search for one until the year 9999.
        """
        first = max(self.first_on, since)
        return rrule(
            WEEKLY,
            byweekday=Weekday(self.weekday),
            dtstart=_midnight(first),
            until=_midnight(self.last_on) if self.last_on else None,
        )

    def at(self, day: date, **state: Any) -> Occasion:
        """Return the occasion on a day, at local time in its time zone."""
        zone = ZoneInfo(self.timezone)
        return Occasion(
            self,
            datetime.combine(day, self.start_time, zone),
            datetime.combine(day, self.end_time, zone),
            **state,
        )

    def dates(self, now: datetime, count: int = 5) -> list[Occasion]:
        """Return the next `count` dates from `now` (aware), in order, including one still in progress.

        Cancelled dates are included and marked; so are moved ones, at their new times.
        """
        today = now.astimezone(ZoneInfo(self.timezone)).date()
        changes = {change.on: change for change in self.changes.all()}
        regular = (moment.date() for moment in self.regular_days(today))
        occasions = [self._changed(day, changes.get(day)) for day in islice(regular, count + 1)]
        occasions += [change.as_occasion() for change in changes.values() if change.on < today]
        coming = sorted((one for one in occasions if one.ends > now), key=lambda one: one.starts)
        return coming[:count]

    def next_date(self, now: datetime) -> Occasion | None:
        """Return the next date that is not cancelled."""
        return next((occasion for occasion in self.dates(now) if not occasion.cancelled), None)

    def _changed(self, day: date, change: "ProtestChange | None") -> Occasion:
        return change.as_occasion() if change else self.at(day)


class ProtestChange(Part):
    """A date on which a protest is cancelled, or moved to another time."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("moved")

    whole = "protest"
    is_fact = True
    protest = models.ForeignKey(Protest, models.CASCADE, related_name="changes")
    on = models.DateField(
        _("usual date"),
        help_text=_("The date on which it would usually be. Visitors’ calendars show the change."),
    )
    kind = models.CharField(
        _("what changes"),
        max_length=9,
        choices=Kind,
        help_text=_("Whether it is cancelled that day, or takes place at another time."),
    )
    new_starts = models.DateTimeField(
        _("new start time"),
        null=True,
        blank=True,
        help_text=_("Only if it is moved: the new day and time. It lasts as long as usual."),
    )
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("The reason, which visitors see, such as “No protest during Passover”."),
    )

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["protest", "on"], name="one_change_a_date"),
            models.CheckConstraint(
                condition=models.Q(kind="cancelled") | models.Q(new_starts__isnull=False),
                name="moved_to_a_time",
                violation_error_message=_("Enter the new start time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_kind_display()}"

    def clean(self) -> None:
        if self.on and self.protest_id and self.on.weekday() != self.protest.weekday:
            raise ValidationError({"on": _("The protest isn’t held on that day of the week.")})

    def as_occasion(self) -> Occasion:
        """Return the occasion as cancelled, or at its new time."""
        usual = self.protest.at(self.on)
        if self.kind == self.Kind.CANCELLED:
            return self.protest.at(self.on, cancelled=True, note=self.note)
        if self.new_starts is None:
            raise ValueError("The date is moved, but has no new time.")
        starts = self.new_starts.astimezone(ZoneInfo(self.protest.timezone))
        return Occasion(self.protest, starts, starts + (usual.ends - usual.starts), moved=True, note=self.note)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())
