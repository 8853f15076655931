"""Protests that happen every week, and the weeks that differ."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import WEEKLY, rrule
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.rich_text import RichTextField

log = logging.getLogger(__name__)
T = TypeVar("T")
# Raised by a row that can't be read: its rule gives no date, its time zone is unknown, or a time is missing.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, NoReverseMatch, OSError, TypeError, ValueError)


class Weekday(models.IntegerChoices):
    """The days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def a_timezone(name: str) -> None:
    """Raise ValidationError for a name that is not in the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone; write it like Europe/London."), params={"name": name})


@dataclass(frozen=True)
class Occasion:
    """One date of a protest; times are aware. A moved one stands at its new time."""

    protest: "Protest"
    starts: datetime
    ends: datetime
    cancelled: bool = False
    moved: bool = False
    note: str = ""


class ProtestQuerySet(PublishedQuerySet["Protest"]):
    """Questions about protests."""

    def next_date(self, now: datetime) -> Occasion | None:
        """The next date of any of them that takes place, from `now` (aware) on."""
        soon = read_each(self.prefetch_related("changes")[:50], lambda protest: protest.next_date(now))
        return min((found for _protest, found in soon if found), key=lambda found: found.starts, default=None)


def read_each(protests: Iterable["Protest"], read: Callable[["Protest"], T]) -> list[tuple["Protest", T]]:
    """Return each protest with what `read` returns for it. Leave out and log by key any that can't be read."""
    found = []
    for protest in protests:
        try:
            found.append((protest, read(protest)))
        except UNREADABLE as error:
            log.error("Protest %s can't be shown (%s): correct it in the admin.", protest.pk, type(error).__name__)
    return found


class Protest(Published):
    """A protest on the same day of every week."""

    details = RichTextField(_("details"), blank=True)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday)
    start_time = models.TimeField(_("starts at"))
    end_time = models.TimeField(_("ends at"))
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/London", validators=[a_timezone])
    venue = models.CharField(_("place"), max_length=150)
    address = models.TextField(_("address"), max_length=400)
    first_on = models.DateField(_("first date"))
    last_on = models.DateField(_("last date"), null=True, blank=True)

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
        """Raise ValidationError on the last date if none of its weekdays falls between the first and last dates."""
        if self.weekday not in Weekday.values or not self.first_on or not self.last_on or self.last_on < self.first_on:
            return
        if not any(self.regular_days(self.first_on)):
            words = _("There is no %(day)s between the first date and the last.")
            raise ValidationError({"last_on": words % {"day": self.get_weekday_display()}})

    @property
    def schedule(self) -> str:
        """When it is, in words: "Every Tuesday, 18:00 to 19:00"."""
        return _("Every %(day)s, %(start)s to %(end)s") % {
            "day": self.get_weekday_display(),
            "start": time_format(self.start_time, "H:i"),
            "end": time_format(self.end_time, "H:i"),
        }

    def regular_days(self, since: date) -> rrule:
        """Return the days its rule gives, from `since` on, forever unless `last_on` is set.

        Raises ValueError for an unknown weekday, rather than search for one until the year 9999.
        """
        first = max(self.first_on, since)
        return rrule(
            WEEKLY,
            byweekday=Weekday(self.weekday),
            dtstart=_midnight(first),
            until=_midnight(self.last_on) if self.last_on else None,
        )

    def at(self, day: date, **state: Any) -> Occasion:
        """The occasion on a day by the wall clock of its time zone, whatever the season."""
        zone = ZoneInfo(self.timezone)
        return Occasion(
            self,
            datetime.combine(day, self.start_time, zone),
            datetime.combine(day, self.end_time, zone),
            **state,
        )

    def dates(self, now: datetime, count: int = 5) -> list[Occasion]:
        """The next dates from `now` (aware) on, one that is still going on included, in order of time.

        Cancelled ones are among them and marked. `count` are those by rule; moved ones may come on top.
        """
        today = now.astimezone(ZoneInfo(self.timezone)).date()
        changes = {change.on: change for change in self.changes.all()}
        regular = (moment.date() for moment in self.regular_days(today))
        found = [self._changed(day, changes.get(day)) for day in islice(regular, count + 1)]
        found += [change.as_occasion() for change in changes.values() if change.on < today]
        coming = sorted((one for one in found if one.ends > now), key=lambda one: one.starts)
        return coming[:count]

    def next_date(self, now: datetime) -> Occasion | None:
        """The next one that takes place."""
        return next((found for found in self.dates(now) if not found.cancelled), None)

    def _changed(self, day: date, change: "ProtestChange | None") -> Occasion:
        return change.as_occasion() if change else self.at(day)


class ProtestChange(models.Model):
    """A week in which it is cancelled, or at another time."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("moved")

    protest = models.ForeignKey(Protest, models.CASCADE, related_name="changes")
    on = models.DateField(_("usual date"))
    kind = models.CharField(_("what changes"), max_length=9, choices=Kind)
    new_starts = models.DateTimeField(_("starts instead at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["protest", "on"], name="one_change_a_date"),
            models.CheckConstraint(
                condition=models.Q(kind="cancelled") | models.Q(new_starts__isnull=False),
                name="moved_to_a_time",
                violation_error_message=_("Say when it starts instead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_kind_display()}"

    def clean(self) -> None:
        if self.on and self.protest_id and self.on.weekday() != self.protest.weekday:
            raise ValidationError({"on": _("The protest does not fall on that day.")})

    def as_occasion(self) -> Occasion:
        """What happens instead."""
        usual = self.protest.at(self.on)
        if self.kind == self.Kind.CANCELLED:
            return self.protest.at(self.on, cancelled=True, note=self.note)
        if self.new_starts is None:
            raise ValueError("The date is moved, but not to a time.")
        starts = self.new_starts.astimezone(ZoneInfo(self.protest.timezone))
        return Occasion(self.protest, starts, starts + (usual.ends - usual.starts), moved=True, note=self.note)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())
