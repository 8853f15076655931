"""The published numbers of communities: in tens, updated at midnight, and with small numbers suppressed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from actions.communities.models import Community, PlannedStep, Region, Step
from campaign.charts import Bar, bars
from campaign.small_numbers import MIN_SHOWN, in_tens, suppress_small


@dataclass(frozen=True)
class Numbers:
    """How many communities take part, in tens (0 below ten), and the bars of the regions that can be shown."""

    total: int
    regions: list[Bar]


def published_numbers(now: datetime) -> Numbers:
    """Return the numbers that visitors may see on the day of `now` (aware), with one query."""
    counts = Community.objects.by_region(now)
    labels = {str(Region(code).label): count for code, count in counts.items()}
    shown = [(label, in_tens(count)) for label, count in suppress_small(labels).items()]
    return Numbers(in_tens(sum(counts.values())), bars(shown))


def progress(steps: list[Step], now: datetime) -> list[Bar]:
    """Return a bar for each step that at least ten communities have taken, in tens and in the plan's order."""
    counts = PlannedStep.objects.counts(timezone.localdate(now))
    taken = [(step.title, counts.get(step.code, 0)) for step in steps]
    return bars([(title, in_tens(count)) for title, count in taken if count >= MIN_SHOWN])
