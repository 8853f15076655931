"""Metrics about the outbox, in steps: most messages are queued because somebody has just done something."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count

from campaign.mail.models import Message
from campaign.monitoring.metrics import STEP, Sample, measures
from campaign.small_numbers import in_tens

FINISHED = (Message.Outcome.SENT, Message.Outcome.DROPPED, Message.Outcome.GAVE_UP)
MAX_COUNTED = 100_000


@measures("hub_outbox_waiting", "Messages in the outbox that are due, in tens.", stepped=True)
def waiting(end: datetime) -> Iterator[Sample]:
    """Yield the number of messages that were due at `end` (aware), up to 100,000."""
    yield (), in_tens(Message.objects.due(end).order_by()[:MAX_COUNTED].count())


@measures("hub_outbox_oldest_seconds", "How long the oldest due message has waited, in steps.", stepped=True)
def oldest(end: datetime) -> Iterator[Sample]:
    """Yield the age of the message that has been due longest, in whole steps."""
    due_at = Message.objects.due(end).values_list("due_at", flat=True).first()
    yield (), ((end - due_at) // STEP * STEP).total_seconds() if due_at else 0


@measures("hub_outbox_finished", "Messages finished in the last quarter of an hour, in tens.", "outcome", stepped=True)
def finished(end: datetime) -> Iterator[Sample]:
    """Yield the number of messages with each outcome in the step before `end` (aware)."""
    done = Message.objects.filter(outcome__in=FINISHED, done_at__gte=end - STEP, done_at__lt=end)
    counts = dict(done.order_by().values_list("outcome").annotate(count=Count("*")))
    yield from (((str(outcome),), in_tens(counts.get(outcome, 0))) for outcome in FINISHED)
