"""Metrics about signatures, none of which shows when somebody signed or confirmed.

Confirmations appear only in the published count, which moves in its own steps. How many people are signing, and how
many are held for review, is read once in a quarter of an hour and rounded down to tens.
"""

from collections.abc import Iterator
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from campaign.monitoring.metrics import STEP, Sample, measures
from campaign.small_numbers import in_tens
from pledges.models import PublishedCount, Signature

MAX_COUNTED = 100_000
PUBLISHED_AT = "pledges.metrics.published_at"


def mark_published(now: datetime) -> None:
    """Remember that the worker published at `now` (aware) everything that was due."""
    cache.set(PUBLISHED_AT, now, timeout=None)


@measures("hub_published_signatures", "The published count of each pledge.", "pledge")
def published(now: datetime) -> Iterator[Sample]:
    """Yield the count that visitors see, for each pledge."""
    yield from (((slug,), count) for slug, count in PublishedCount.objects.values_list("pledge__slug", "count"))


@measures("hub_published_count_age_seconds", "Time since the worker last published everything that was due.")
def published_age(now: datetime) -> Iterator[Sample]:
    """Yield the age, unless the worker has never run."""
    published_at = cache.get(PUBLISHED_AT)
    if published_at:
        yield (), max(0, round((timezone.now() - published_at).total_seconds()))


@measures("hub_signings", "Signatures of the last quarter of an hour, confirmed or not, in tens.", stepped=True)
def signings(end: datetime) -> Iterator[Sample]:
    """Yield the number of signatures in the step before `end` (aware), up to 100,000."""
    signed = Signature.objects.filter(signed_at__gte=end - STEP, signed_at__lt=end).order_by()
    yield (), in_tens(signed[:MAX_COUNTED].count())


@measures("hub_held_for_review", "Signatures held for review, in tens.", stepped=True)
def held(end: datetime) -> Iterator[Sample]:
    """Yield the number of signatures that wait for an organiser, up to 100,000."""
    waiting = Signature.objects.filter(state=Signature.State.HELD_FOR_REVIEW).order_by()
    yield (), in_tens(waiting[:MAX_COUNTED].count())
