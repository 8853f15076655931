"""Queries for protests."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from actions.protests.models.change import ProtestChange
from actions.protests.models.occasion import Occasion
from actions.protests.models.reading import read_each
from actions.protests.models.schedule import Schedule
from campaign.pages.published import PublishedQuerySet

# How long an organiser's confirmation of a protest lasts.
CONFIRMED_FOR = timedelta(weeks=8)
MAX_READ = 50
# Enough for a protest that began yesterday in any time zone.
STILL_ON = timedelta(days=3)


class ProtestQuerySet(PublishedQuerySet):
    """Queries for protests."""

    def with_dates(self) -> Self:
        """Prefetch the schedules, all changed dates and their places, in two further queries."""
        return self._with(ProtestChange.objects.all())

    def with_dates_to_come(self, now: datetime) -> Self:
        """Prefetch what `with_dates` does, but leave out changed dates that were over before `now` (aware)."""
        since = now.date() - STILL_ON
        return self._with(ProtestChange.objects.filter(Q(on__gte=since) | Q(new_on__gte=since)))

    def _with(self, changes: Any) -> Self:
        schedules = Schedule.objects.select_related("place")
        fresh = self.prefetch_related(None)  # Django refuses the same prefetch twice
        return fresh.prefetch_related(
            Prefetch("schedules", schedules), Prefetch("changes", changes.select_related("new_place"))
        )

    def held_between(self, first: date, last: date) -> Self:
        """Return protests that may have a date from `first` to `last`, by a schedule or because it was moved there."""
        schedules = Schedule.objects.filter(Q(last_on=None) | Q(last_on__gte=first), first_on__lte=last)
        moved = ProtestChange.objects.filter(new_on__range=(first, last))
        here = {"protest": OuterRef("pk")}
        return self.filter(Exists(schedules.filter(**here)) | Exists(moved.filter(**here)))

    def unconfirmed(self, today: date) -> Self:
        """Return protests that haven't ended, and that no organiser has confirmed in the last eight weeks."""
        newest = Schedule.objects.filter(protest=OuterRef("pk")).order_by("-first_on")
        coming = self.filter(Exists(newest)).alias(ends_on=Subquery(newest.values("last_on")[:1]))
        coming = coming.filter(Q(ends_on=None) | Q(ends_on__gte=today))
        return coming.exclude(confirmed_on__gt=today - CONFIRMED_FOR)

    def next_date(self, now: datetime) -> Occasion | None:
        """Return the next date of any protest from `now` (aware) that isn't cancelled, or None if there is none."""
        protests: Any = self.with_dates_to_come(now)[:MAX_READ]
        read = read_each(protests, lambda protest: protest.next_date(now))
        return min((occasion for _protest, occasion in read if occasion), key=lambda one: one.starts, default=None)

    def end_confirmations(self) -> None:
        """Clear organisers' confirmations of when and where the protests take place."""
        now = timezone.now()
        self.update(confirmed_on=None, confirmed_by=None, updated_at=now, facts_changed_at=now)
