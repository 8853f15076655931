"""Metrics about donations: only how long Stripe's events take to reach us."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from actions.fundraising.models import StripeEvent
from campaign.monitoring.metrics import STEP, Sample, measures

MINUTE = 60


@measures("hub_stripe_webhook_lag_seconds", "The slowest Stripe event of the last quarter of an hour.", stepped=True)
def webhook_lag(end: datetime) -> Iterator[Sample]:
    """Yield the longest time from an event to our record of it, in whole minutes: 0 if there was no event."""
    received = StripeEvent.objects.filter(received_at__gte=end - STEP, received_at__lt=end)
    yield (), (received.aggregate(lag=Max("lag"))["lag"] or 0) // MINUTE * MINUTE
