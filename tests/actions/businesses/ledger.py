"""Functions that fill the ledger in tests."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from actions.businesses.models import Kind
from actions.businesses.models.notice import TO_COMPANY, Notice
from campaign.approvals.models import ApprovalRequest
from campaign.mail.models import Message

EVIDENCE = {"evidence_url": "https://example.org/letters/2026-11-02"}


def seal():
    """Add the links that a transaction would otherwise add when it commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def add(brand, kind, by=None, checked_by=None, **values):
    """Add an entry, and a check of it if `checked_by` is given; return the entry."""
    values = {"level": "full"} | values if kind == Kind.COMMITMENT else values
    entry = brand.record(kind, by, **EVIDENCE | values)
    if checked_by:
        check(entry, checked_by)
    return entry


def check(entry, by):
    return entry.brand.record(Kind.CHECK, by, about=entry)


def approved(kind, subject, first, second, now=None):
    """Return the number of a request that two organisers have approved."""
    now = now or timezone.now()
    fields = {"about": "about", "people": 1, "reason": "True", "state": "agreed", "needs_second": True}
    request = ApprovalRequest.objects.create(
        kind=kind, subject=subject, asked_by=first, approved_by=second, approved_at=now, acts_at=now, **fields
    )
    return request.pk


def deliver(entry, now=None):
    """Deliver a notice about an entry; return the entry that records it."""
    now = now or timezone.now()
    notice = Notice.objects.create(
        brand=entry.brand, about=entry, subject="About you", text="Dear company", recipient=entry.brand.contact
    )
    Message.objects.create(kind=TO_COMPANY, object_id=notice.pk, due_at=now, outcome="sent", done_at=now)
    return notice.record_delivery(now)


def publish_claim(entry, first, second):
    """Publish a claim as two organisers would, after the notice and the window for a reply."""
    request = approved("businesses.publish", entry.pk, first, second)
    return entry.brand.record(Kind.PUBLICATION, about=entry, request=request)


def set_deadline(commitment, first, second, until=None):
    """Set the deadline for a commitment as two organisers would."""
    request = approved("businesses.deadline", commitment.pk, first, second)
    until = until or commitment.happened_on + timedelta(days=365)
    return commitment.brand.record(Kind.DEADLINE, about=commitment, request=request, until=until)
