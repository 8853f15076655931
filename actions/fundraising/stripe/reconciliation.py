"""Comparing our books with Stripe's, and putting right what we missed, by the same code that takes its messages."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from actions.fundraising.models import Discrepancy, Dispute, Donation, Payment
from actions.fundraising.stripe import client, sync

log = logging.getLogger(__name__)


@dataclass
class Comparison:
    """How it went: how many donations were compared, differed, could not be asked about; and how many we lack."""

    compared: int = 0
    differed: int = 0
    unanswered: int = 0
    unknown: int = 0


def reconcile(since: datetime, now: datetime) -> Comparison:
    """Compare all that was begun, paid, refunded or disputed since then (aware), and all that is still open.

    Raises payments.NoAnswerError if Stripe does not even give its lists.
    """
    found = Comparison()
    touched: dict[UUID, set[str]] = {donation_id: set() for donation_id in _open()}
    for donation_id, stripe_id in _listed(since, found):
        if donation_id:
            touched.setdefault(donation_id, set()).add(stripe_id)
    for donation_id, stripe_ids in touched.items():
        _compare(donation_id, stripe_ids, now, found)
    return found


def _listed(since: datetime, found: Comparison) -> Iterator[tuple[UUID | None, str]]:
    """What Stripe lists: the donation that each session and payment is for, if it is one of ours."""
    for record in client.sessions_since(since):
        yield sync.as_uuid(record.donation), record.id
    for intent_id in set(client.intents_since(since)) - {""}:
        try:
            yield sync.donation_for(intent_id), intent_id
        except client.NoAnswerError:
            found.unanswered += 1


def _open() -> Iterator[UUID]:
    """Donations whose session, payment or dispute may still change."""
    mine = Donation.objects.filter(is_live=settings.STRIPE_LIVE)
    yield from mine.filter(session_status="open").values_list("pk", flat=True).iterator()
    pending = Payment.objects.filter(is_live=settings.STRIPE_LIVE, status=Payment.Status.PENDING)
    yield from pending.values_list("donation_id", flat=True).iterator()
    disputes = Dispute.objects.open().filter(payment__is_live=settings.STRIPE_LIVE)
    yield from disputes.values_list("payment__donation_id", flat=True).iterator()


def _compare(donation_id: UUID, stripe_ids: set[str], now: datetime, found: Comparison) -> None:
    found.compared += 1
    try:
        with transaction.atomic():
            donation = Donation.objects.select_for_update().filter(pk=donation_id).first()
            if donation is None:
                found.unknown += _note_unknown(donation_id, stripe_ids, now)
                return
            before = state(donation)
            _repair(donation, stripe_ids)
            after = state(donation)
            if before != after:
                values = {"was": before, "now": after, "found_at": now, "stripe_id": donation.session_id}
                Discrepancy.objects.create(kind=Discrepancy.Kind.CHANGED, donation=donation, **values)
                found.differed += 1
    except client.NoAnswerError:
        log.warning("Donation %s could not be compared.", donation_id)
        found.unanswered += 1


def _repair(donation: Donation, stripe_ids: set[str]) -> None:
    if not donation.session_id:
        donation.session_id = next((one for one in stripe_ids if one.startswith("cs_")), "")
    if donation.session_id:
        sync.refresh(donation)
    for intent_id in stripe_ids:
        if not intent_id.startswith("cs_"):
            sync.sync_payment(intent_id)
    donation.refresh_from_db()


def _note_unknown(donation_id: UUID, stripe_ids: set[str], now: datetime) -> int:
    """Note, once, what was paid for a donation that we do not have; return how many notes that made.

    A session that nobody paid is no loss: we delete such donations ourselves.
    """
    made = 0
    for intent_id in sorted(stripe_ids):
        if intent_id.startswith("cs_"):
            continue
        kind = Discrepancy.Kind.UNKNOWN
        values = {"now": f"donation {donation_id}", "found_at": now}
        _row, is_new = Discrepancy.objects.get_or_create(kind=kind, stripe_id=intent_id, defaults=values)
        made += is_new
    return made


def state(donation: Donation) -> str:
    """What we hold of a donation, in words that do not name the donor, to be compared."""
    lines = [f"session {donation.session_status or 'new'}"]
    if donation.subscription_id:
        lines.append(f"monthly {donation.subscription_status}")
    lines += (
        f"{payment.intent_id} {payment.status} {payment.amount_pence} left {payment.net_pence}"
        for payment in donation.payments.order_by("intent_id")
    )
    return "\n".join(lines)
