"""The tracker's figures: by status, by sector, and over time."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from actions.businesses.models import Code, DailyFigures, Entry, Kind
from actions.businesses.models.figures import days_from
from actions.businesses.tracker.days import Seen, end_of
from actions.businesses.tracker.listing import Listed, rows_of
from actions.businesses.tracker.snapshots import snapshot
from campaign.charts import Bar, Chart, bars, draw
from campaign.periodic import runs_regularly

COMMITTED = (Code.PARTIAL, Code.FULL, Code.KEPT)
SETTLED = timedelta(minutes=10)  # after midnight, so that no transaction of the day is still running
LOOK_EVERY = timedelta(minutes=10)
MAX_AT_ONCE = 10  # days
MAX_DAYS = 4000
CHANGES_SHOWN = 12
looked_at: dict[str, datetime] = {}  # when this process last ran `add_figures`


@dataclass(frozen=True)
class Figures:
    """The figures for the tracker that a visitor sees. They count examples only while there are no other brands."""

    rows: list[Listed]
    day: date

    @classmethod
    def of(cls, rows: list[Listed], seen: Seen) -> "Figures":
        """Return the figures for some rows."""
        return cls(counted(rows), seen.date)

    @property
    def are_examples(self) -> bool:
        """Return whether only examples are counted."""
        return any(row.is_example for row in self.rows)

    @property
    def total(self) -> int:
        """Return how many brands are counted."""
        return len(self.rows)

    @cached_property
    def committed(self) -> int:
        """Return how many brands have made a commitment in public, in part or in full, or kept one."""
        return committed(counts(self.rows))

    @property
    def by_status(self) -> list[Bar]:
        """Return a bar for each status that some brand has."""
        numbers = counts(self.rows)
        return bars([(str(code.label), numbers[code]) for code in Code if code in numbers], self.total)

    @property
    def by_sector(self) -> list[Bar]:
        """Return a bar for each sector that some brand is in, the largest first."""
        return bars(Counter(row.sector_label for row in self.rows).most_common(), self.total)

    @cached_property
    def days(self) -> list[tuple[date, int, int]]:
        """Return each day with its numbers of brands and of brands with a commitment, oldest first."""
        earlier = DailyFigures.objects.filter(day__lt=self.day, are_examples=self.are_examples).order_by("-day")
        kept = earlier.values_list("day", "counts")[:MAX_DAYS]
        past = [(day, sum(numbers.values()), committed(numbers)) for day, numbers in reversed(kept)]
        return [*past, (self.day, self.total, self.committed)]

    @property
    def chart(self) -> Chart | None:
        """Return a chart of the number of brands with a commitment, or None if there is only one day."""
        return draw([(day, number) for day, _total, number in self.days])

    @property
    def changes(self) -> list[tuple[date, int, int]]:
        """Return the days on which a number changed, newest first, as in `days`."""
        before = [(), *(numbers for _day, *numbers in self.days)]
        changed = [one for one, earlier in zip(self.days, before, strict=False) if list(one[1:]) != list(earlier)]
        return changed[: -CHANGES_SHOWN - 1 : -1]


def counted(rows: list[Listed]) -> list[Listed]:
    """Return the rows that figures count: all brands but examples, or the examples if there are no others."""
    return [row for row in rows if not row.is_example] or rows


def counts(rows: list[Listed]) -> dict[str, int]:
    """Return how many rows have each status."""
    return dict(Counter(str(row.status.code) for row in rows))


def committed(numbers: dict[str, int]) -> int:
    """Return how many brands have made a commitment in public, given how many have each status."""
    return sum(numbers.get(code, 0) for code in COMMITTED)


def figures_of(day: date, now: datetime) -> DailyFigures:
    """Return a past day's unsaved figures, worked out at `now` (aware) from the ledger."""
    rows = counted(rows_of(snapshot(end_of(day))))
    return DailyFigures(day=day, made_at=now, counts=counts(rows), are_examples=any(row.is_example for row in rows))


@runs_regularly
def keep_figures(now: datetime) -> int:
    """Run `add_figures` at most every ten minutes in each worker, or at once while days are missing.

    Return how many days it has added.
    """
    if timedelta() <= now - looked_at.get("figures", now - LOOK_EVERY) < LOOK_EVERY:
        return 0
    added = add_figures(now)
    if added < MAX_AT_ONCE:
        looked_at["figures"] = now
    return added


@transaction.atomic
def add_figures(now: datetime) -> int:
    """Add figures for a few days that are over at `now` (aware) and have none yet; return how many days.

    A redaction changes what past days look like, so any figures that it may have changed are worked out again.
    """
    _forget_redacted()
    began = Entry.objects.filter(kind=Kind.LISTING).aggregate(first=Min("recorded_at"))["first"]
    if began is None:
        return 0
    last = timezone.localdate(now - SETTLED) - timedelta(days=1)
    known = set(DailyFigures.objects.values_list("day", flat=True))
    missing = [day for day in days_from(timezone.localdate(began), last) if day not in known][:MAX_AT_ONCE]
    DailyFigures.objects.bulk_create([figures_of(day, now) for day in missing], ignore_conflicts=True)
    return len(missing)


def _forget_redacted() -> None:
    """If entries have been redacted since figures were last worked out, delete figures from the first one's day on."""
    made = DailyFigures.objects.aggregate(last=Max("made_at"))["last"]
    redacted = Entry.objects.filter(redacted_at__gt=made) if made else Entry.objects.none()
    first = redacted.aggregate(first=Min("recorded_at"))["first"]
    if first:
        DailyFigures.objects.filter(day__gte=timezone.localdate(first)).delete()
