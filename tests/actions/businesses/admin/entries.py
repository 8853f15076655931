"""Answers that tests give on the forms for ledger entries."""

from django.utils import timezone

from actions.businesses.models import Entry
from tests.actions.businesses.ledger import EVIDENCE


def fields(**changes):
    """Return the answers on the form for an entry, with these changes."""
    return {"happened_on": str(timezone.localdate()), "note": "It wrote to us.", "basis": "self"} | EVIDENCE | changes


def newest():
    return Entry.objects.order_by("-pk").first()
