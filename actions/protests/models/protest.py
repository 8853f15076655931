"""Protests, each of which is a series of dates or a vigil on a single day."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice, takewhile
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.protests.models.change import ProtestChange
from actions.protests.models.occasion import Occasion, span
from actions.protests.models.periods import periods, regular_days, schedule_on
from actions.protests.models.place import Place
from actions.protests.models.protest_queryset import CONFIRMED_FOR, ProtestQuerySet
from actions.protests.models.schedule import Schedule
from actions.protests.models.upgrades import moved_dates_have_local_times
from campaign.media.models import first_shown
from campaign.pages.published import Published
from campaign.pages.rich_text import RichTextField
from campaign.pages.shared import ShareCard, Shared


def a_timezone(name: str) -> None:
    """Raise ValidationError unless the name is in the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Enter one such as Europe/London."), params={"name": name}
        )


class Protest(Shared, Published):
    """A protest on one day or many: its schedules say when and where, and its changed dates are the exceptions."""

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
        help_text=_("All this protest’s times are in this zone, such as Europe/London, in summer and in winter."),
    )
    legal_contact = models.CharField(
        _("legal observers’ contact"),
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
        help_text=_("They get a reminder, and a message if the date changes. They can also come without telling us."),
    )
    warn_of_bank_holidays = models.BooleanField(
        _("warn us of bank holidays"),
        default=True,
        db_default=True,
        help_text=_("Where the protest takes place. Only organisers see the warnings."),
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
        """Raise ValidationError without a schedule, or if one begins before the previous one has had a date.

        The admin's form shows the same errors beside its fields.
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
        """Return the card for shared links, with the picture that an organiser chose or one of the title and time."""
        card = super().share_card(site)
        if first_shown(self.share_picture):
            return card
        return replace(card, picture=None, own_picture=reverse("protests:picture", args=[self.slug]))

    # --- Confirmation

    @property
    def is_confirmed(self) -> bool:
        """Return whether an organiser has recently confirmed the day, the time and the place."""
        return self.confirmed_on is not None and self.confirmed_on > timezone.localdate() - CONFIRMED_FOR

    @property
    def assurance(self) -> str:
        """Return advice for visitors before they travel: when it was confirmed, or to check with the organisers."""
        if self.confirmed_on and self.is_confirmed:
            return gettext("Confirmed by the organisers on %(day)s.") % {"day": date_format(self.confirmed_on, "j F Y")}
        return gettext("Nobody has confirmed this recently: check with the organisers before you travel.")

    def confirm(self, by: User) -> None:
        """Record that an organiser confirms today when and where the protest takes place. The caller saves the row."""
        self.confirmed_on, self.confirmed_by = timezone.localdate(), by

    # --- Schedules

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of all its times. Raises ZoneInfoNotFoundError if it is unknown."""
        return ZoneInfo(self.timezone)

    @property
    def today(self) -> date:
        """Return today's date where the protest is."""
        return timezone.localdate(timezone=self.zone)

    def periods(self) -> list[tuple[Schedule, date | None]]:
        """Return the schedules in order, each with the last day on which it is in force, or None for no end."""
        return periods(self.schedules.all())

    def schedules_to_come(self) -> list[Schedule]:
        """Return the schedules that are in force today or later or, if all have ended, the last one."""
        periods = self.periods()
        coming = [schedule for schedule, last in periods if last is None or last >= self.today]
        return coming or [schedule for schedule, _last in periods[-1:]]

    @property
    def schedules_in_words(self) -> list[str]:
        """Return the current rule, such as "Every Tuesday, 6pm to 7pm", then later ones: "From 5 January 2027: …"."""
        return [one.in_words_on(self.today) for one in self.schedules_to_come()]

    @property
    def place(self) -> Place | None:
        """Return the place in today's schedule, or else in the next or the last one. Return None without a schedule."""
        return next((schedule.place for schedule in self.schedules_to_come()), None)

    # --- Dates

    def regular_dates(self, since: date, until: date | None = None) -> Iterator[date]:
        """Yield the regular dates from `since` to `until` (inclusive) in order, changed or not."""
        days = (day for _schedule, day in regular_days(self.schedules.all(), since))
        return takewhile(lambda day: until is None or day <= until, days)

    def occasions(self, since: date, until: date | None = None) -> Iterator[Occasion]:
        """Yield the occasions that start on the days from `since` to `until` (inclusive), in order of start.

        The days are those of the protest's time zone. Cancelled occasions are included and marked; moved ones have
        their new times, even before the first regular date. Without a last date or `until`, this yields for ever.
        """
        changes = {change.on: change for change in self.changes.all()}
        moved = {on: change for on, change in changes.items() if change.kind == ProtestChange.Kind.MOVED}
        possible = (self._changed(change) for change in moved.values() if change.may_start_between(since, until))
        coming = [one for one in possible if one and one.starts.date() >= since]
        regular = regular_days(self.schedules.all(), since)
        usual = (self._at(day, schedule, changes.get(day)) for schedule, day in regular if day not in moved)
        merged = merge(usual, sorted(coming, key=_start), key=_start)
        return takewhile(lambda one: until is None or one.starts.date() <= until, merged)

    def occasion(self, on: date) -> Occasion | None:
        """Return the occasion whose regular date is `on`, with any change, or None if that isn't a regular date."""
        schedule = schedule_on(self.schedules.all(), on)
        change = next((change for change in self.changes.all() if change.on == on), None)
        return self._at(on, schedule, change) if schedule else None

    def usual_occasion(self, on: date) -> Occasion | None:
        """Return the occasion on a regular date as if it had not been changed, or None if that isn't a regular date."""
        schedule = schedule_on(self.schedules.all(), on)
        return self._at(on, schedule, None) if schedule else None

    def dates(self, now: datetime, count: int = 5) -> list[Occasion]:
        """Return the next `count` dates from `now` (aware), in order, including one that is in progress.

        Cancelled dates are included and marked; moved ones have their new times.
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
