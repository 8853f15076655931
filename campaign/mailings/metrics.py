"""Metrics about mailings."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count

from campaign.mailings.models import Mailing
from campaign.monitoring.metrics import Sample, measures


@measures("hub_mailings", "Mailings in each state.", "state")
def mailings(now: datetime) -> Iterator[Sample]:
    """Yield the number of mailings in each state."""
    counts = dict(Mailing.objects.order_by().values_list("state").annotate(count=Count("*")))
    yield from (((str(state),), counts.get(state, 0)) for state in Mailing.State)
