"""The published numbers of communities, rounded down to tens. They change at midnight, and leave out small numbers."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from actions.communities.models import Community, PlannedStep, Region, Step
from actions.communities.models.community_queryset import start_of_day
from campaign.charts import Bar, bars
from campaign.small_numbers import MIN_SHOWN, in_tens, largest_first, suppress_small


@dataclass(frozen=True)
class Numbers:
    """How many communities take part, in tens (0 if fewer than ten), and a bar for each region that can be shown."""

    total: int
    regions: list[Bar]


def published_numbers(now: datetime) -> Numbers:
    """Return the numbers that visitors may see on the day of `now` (aware), with one query."""
    counts = Community.objects.by_region(now)
    labels = {str(Region(code).label): count for code, count in counts.items()}
    # Sort what is shown: the order of the exact counts would reveal which of two equal numbers is larger.
    shown = largest_first({label: in_tens(count) for label, count in suppress_small(labels).items()})
    return Numbers(in_tens(sum(counts.values())), bars(shown.items()))


def progress(steps: list[Step], now: datetime) -> list[Bar]:
    """Return a bar for each step that at least ten communities have taken, in tens and in the plan's order."""
    today = timezone.localdate(now)
    counts = PlannedStep.objects.counts(Community.objects.left_before(start_of_day(today)), today)
    taken = [(step.title, counts[step.code]) for step in steps]
    return bars([(title, in_tens(count)) for title, count in taken if count >= MIN_SHOWN])
