"""Protests: one for each series, or for a single vigil."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice, takewhile
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.protests.models.change import ProtestChange
from actions.protests.models.occasion import Occasion, span
from actions.protests.models.periods import periods, schedule_on, usual_days
from actions.protests.models.place import Place
from actions.protests.models.reading import read_each
from actions.protests.models.schedule import Schedule
from actions.protests.models.upgrades import moved_dates_have_local_times
from campaign.media.models import first_shown
from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.rich_text import RichTextField
from campaign.pages.shared import ShareCard, Shared

# How long an organiser's confirmation of a protest lasts.
CONFIRMED_FOR = timedelta(weeks=8)
MAX_READ = 50


def a_timezone(name: str) -> None:
    """Raise ValidationError for a name that isn't in the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone; write it like Europe/London."), params={"name": name})


class ProtestQuerySet(PublishedQuerySet["Protest"]):
    """Queries for protests."""

    def with_dates(self) -> Self:
        """Prefetch the schedules, the changed dates and their places, in two further queries."""
        schedules = Schedule.objects.select_related("place")
        changes = ProtestChange.objects.select_related("new_place")
        fresh = self.prefetch_related(None)  # Django refuses the same prefetch twice
        return fresh.prefetch_related(Prefetch("schedules", schedules), Prefetch("changes", changes))

    def held_between(self, first: date, last: date) -> Self:
        """Return protests that may take place from `first` to `last`: a schedule is in force, or a date was moved."""
        schedules = Schedule.objects.filter(Q(last_on=None) | Q(last_on__gte=first), first_on__lte=last)
        moved = ProtestChange.objects.filter(new_on__range=(first, last))
        here = {"protest": OuterRef("pk")}
        return self.filter(Exists(schedules.filter(**here)) | Exists(moved.filter(**here)))

    def unconfirmed(self, today: date) -> Self:
        """Return protests that haven't ended and that no organiser has confirmed recently enough (CONFIRMED_FOR)."""
        newest = Schedule.objects.filter(protest=OuterRef("pk")).order_by("-first_on")
        coming = self.filter(Exists(newest)).alias(ends_on=Subquery(newest.values("last_on")[:1]))
        coming = coming.filter(Q(ends_on=None) | Q(ends_on__gte=today))
        return coming.exclude(confirmed_on__gt=today - CONFIRMED_FOR)

    def next_date(self, now: datetime) -> Occasion | None:
        """Return the next date of any protest from `now` (aware) that isn't cancelled; None if there is none."""
        read = read_each(self.with_dates()[:MAX_READ], lambda protest: protest.next_date(now))
        return min((occasion for _protest, occasion in read if occasion), key=lambda one: one.starts, default=None)

    def end_confirmations(self) -> None:
        """End organisers' confirmations of when and where the protests take place."""
        now = timezone.now()
        self.update(confirmed_on=None, confirmed_by=None, updated_at=now, facts_changed_at=now)


class Protest(Shared, Published):
    """A protest on one day or many: its schedules say when and where, and changed dates say what differs."""

    facts: ClassVar[frozenset[str]] = Published.facts | {
        *("uid", "timezone", "legal_contact", "takes_names", "confirmed_on", "confirmed_by"),
        *("warn_of_bank_holidays", "warn_of_holy_days", "warn_of_fasts"),
    }
    fact_parts: ClassVar[tuple[str, ...]] = ("schedules", "changes")
    upgrades: ClassVar = (moved_dates_have_local_times,)

    details = RichTextField(
        _("details"), blank=True, help_text=_("What to know before coming: what happens, and what to expect.")
    )
    what_to_bring = RichTextField(
        _("what to bring"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Such as warm clothes, a drink and a placard, one on each line."),
    )
    safety_notes = RichTextField(
        _("safety notes"),
        blank=True,
        default="",
        db_default="",
        help_text=_("How to stay safe, for instance if people could be photographed, or if the police step in."),
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=40,
        default="Europe/London",
        validators=[a_timezone],
        help_text=_("The clock that all times of this protest follow, such as Europe/London, in summer and in winter."),
    )
    legal_contact = models.CharField(
        _("contact of the legal observers"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("The number to ring if the police stop or arrest somebody. Visitors see it as soon as you save."),
    )
    takes_names = models.BooleanField(
        _("people can say that they are coming"),
        default=False,
        db_default=False,
        help_text=_("They get a reminder, and a message if their date is changed. They can always come without it."),
    )
    warn_of_bank_holidays = models.BooleanField(
        _("warn us of bank holidays"),
        default=True,
        db_default=True,
        help_text=_("Those of the nation or country of the place. Only organisers see the warnings."),
    )
    warn_of_holy_days = models.BooleanField(
        _("warn us of Shabbat and Jewish holy days"),
        default=False,
        db_default=False,
        help_text=_("From the afternoon before, because a holy day begins in the evening."),
    )
    warn_of_fasts = models.BooleanField(
        _("warn us of Jewish fasts"), default=False, db_default=False, help_text=_("Such as the fast of Tisha B’Av.")
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
    # Identifies the protest in visitors' calendars, even if its slug or the site's host changes.
    uid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)

    schedules: Any
    changes: Any
    objects: ClassVar = ProtestQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("protest")
        verbose_name_plural = _("protests")

    def get_absolute_url(self) -> str:
        return reverse("protests:protest", args=[self.slug])

    def check_publishable(self) -> None:
        """Raise ValidationError if the protest has no schedule, or a schedule that the next one leaves without a date.

        The form in the admin says the same beside the field.
        """
        schedules = list(self.schedules.all())
        if not schedules:
            raise ValidationError({"timezone": gettext("Add a schedule: when and where the protest takes place.")})
        for schedule, following in zip(schedules, schedules[1:], strict=False):
            try:
                schedule.check_follower(following)
            except ValidationError as error:
                raise ValidationError({"timezone": error.messages}) from error

    def share_card(self, site: Any) -> ShareCard:
        """Return the card for its shared links, with its own picture or else a picture with its title and time."""
        card = super().share_card(site)
        if first_shown(self.share_picture):
            return card
        return replace(card, picture=None, own_picture=reverse("protests:picture", args=[self.slug]))

    # --- Confirmation

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

    def confirm(self, by: User) -> None:
        """Record that an organiser confirms today when and where the protest takes place. Save it afterwards."""
        self.confirmed_on, self.confirmed_by = timezone.localdate(), by

    # --- Schedules

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that all its times follow. Raises ZoneInfoNotFoundError if it is unknown."""
        return ZoneInfo(self.timezone)

    @property
    def today(self) -> date:
        """Today, where the protest is."""
        return timezone.localdate(timezone=self.zone)

    def periods(self) -> list[tuple[Schedule, date | None]]:
        """Return the schedules in order, each with the last day on which it is in force, or None for no end."""
        return periods(self.schedules.all())

    def schedules_to_come(self) -> list[Schedule]:
        """Return the schedule in force today and later ones, or, if all have ended, the last."""
        periods = self.periods()
        coming = [schedule for schedule, last in periods if last is None or last >= self.today]
        return coming or [schedule for schedule, _last in periods[-1:]]

    @property
    def schedules_in_words(self) -> list[str]:
        """The present rule, such as "Every Tuesday, 6pm to 7pm", and any later ones: "From 5 January 2027: …"."""
        return [one.in_words_on(self.today) for one in self.schedules_to_come()]

    @property
    def place(self) -> Place | None:
        """The place of the schedule in force today, or else of the next or last one. None without a schedule."""
        return next((schedule.place for schedule in self.schedules_to_come()), None)

    # --- Dates

    def usual_dates(self, since: date, until: date | None = None) -> Iterator[date]:
        """Yield the regular days from `since` to `until` (both included) in order, changed or not."""
        days = (day for _schedule, day in usual_days(self.schedules.all(), since))
        return takewhile(lambda day: until is None or day <= until, days)

    def occasions(self, since: date, until: date | None = None) -> Iterator[Occasion]:
        """Yield the occasions that start on the days from `since` to `until` (both included), in order of start.

        The days are those of the protest's time zone. Cancelled occasions are included and marked; moved ones are at
        their new times, even before the first regular day. It never ends if neither the protest nor `until` does.
        """
        changes = {change.on: change for change in self.changes.all()}
        away = {on: change for on, change in changes.items() if change.kind == ProtestChange.Kind.MOVED}
        moved = (self._changed(change) for change in away.values())
        coming = [one for one in moved if one and one.starts.date() >= since]
        regular = usual_days(self.schedules.all(), since)
        usual = (self._at(day, schedule, changes.get(day)) for schedule, day in regular if day not in away)
        merged = merge(usual, sorted(coming, key=_start), key=_start)
        return takewhile(lambda one: until is None or one.starts.date() <= until, merged)

    def occasion(self, on: date) -> Occasion | None:
        """Return the occasion whose usual date is `on`, with any change, or None if that isn't a regular date."""
        schedule = schedule_on(self.schedules.all(), on)
        change = next((change for change in self.changes.all() if change.on == on), None)
        return self._at(on, schedule, change) if schedule else None

    def usual_occasion(self, on: date) -> Occasion | None:
        """Return the occasion on a regular date as if nothing had been changed, or None on any other date."""
        schedule = schedule_on(self.schedules.all(), on)
        return self._at(on, schedule, None) if schedule else None

    def dates(self, now: datetime, count: int = 5) -> list[Occasion]:
        """Return the next `count` dates from `now` (aware), in order, including one still in progress.

        Cancelled dates are included and marked; so are moved ones, at their new times.
        """
        return list(islice(self._from(now), count))

    def next_date(self, now: datetime) -> Occasion | None:
        """Return the next date that isn't cancelled, however many cancelled ones come first."""
        return next((occasion for occasion in self._from(now) if not occasion.cancelled), None)

    def _from(self, now: datetime) -> Iterator[Occasion]:
        yesterday = now.astimezone(self.zone).date() - timedelta(days=1)  # it may continue past midnight
        return (occasion for occasion in self.occasions(yesterday) if occasion.ends > now)

    def _at(self, day: date, schedule: Schedule, change: ProtestChange | None) -> Occasion:
        starts, ends = span(day, schedule.start_time, schedule.end_time, self.zone)
        usual = Occasion(self, day, starts, ends, schedule.place)
        return change.applied_to(usual, schedule) if change else usual

    def _changed(self, change: ProtestChange) -> Occasion | None:
        schedule = schedule_on(self.schedules.all(), change.on)
        return self._at(change.on, schedule, change) if schedule else None


def _start(occasion: Occasion) -> tuple[float, date]:
    return occasion.starts.timestamp(), occasion.on
