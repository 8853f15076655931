"""The nightly comparison of our records with Stripe's. It corrects ours with the same code that handles its events."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from actions.fundraising.models import Discrepancy, Dispute, Donation, Payment
from actions.fundraising.stripe import client, sync
from actions.fundraising.stripe.closing import close_payment_pages
from actions.fundraising.stripe.fees import record_fees
from campaign.money import pounds

log = logging.getLogger(__name__)


@dataclass
class Comparison:
    """Counts of donations that were compared, differed or got no answer, and of payments for unknown donations.

    `has_fees` is true if Stripe's fees and payouts could be read.
    """

    compared: int = 0
    differed: int = 0
    unanswered: int = 0
    unknown: int = 0
    has_fees: bool = True


def reconcile(since: datetime, now: datetime) -> Comparison:
    """Compare donations started, paid, refunded or disputed since then (aware), and those that may still change.

    Before that, close payment pages left open when donations were stopped.
    Raises client.NoAnswerError if Stripe doesn't return its lists.
    """
    close_payment_pages()
    result = Comparison()
    to_compare: dict[UUID, set[str]] = {donation_id: set() for donation_id in _open()}
    for donation_id, stripe_id in _listed(since, result):
        if donation_id:
            to_compare.setdefault(donation_id, set()).add(stripe_id)
    for donation_id, stripe_ids in to_compare.items():
        _compare(donation_id, stripe_ids, now, result)
    try:
        record_fees(since)
    except client.NoAnswerError:
        result.has_fees = False
    return result


def _listed(since: datetime, result: Comparison) -> Iterator[tuple[UUID | None, str]]:
    """Yield the donation (None if it isn't ours) and the ID of each session and payment that Stripe lists."""
    for session in client.sessions_since(since):
        yield sync.as_uuid(session.donation), session.id
    for intent_id in set(client.intents_since(since)) - {""}:
        try:
            yield sync.donation_for(intent_id), intent_id
        except client.NoAnswerError:
            result.unanswered += 1


def _open() -> Iterator[UUID]:
    """Yield the keys of donations whose session, payment or dispute may still change."""
    donations = Donation.objects.filter(is_live=settings.STRIPE_LIVE)
    yield from donations.filter(session_status="open").values_list("pk", flat=True)
    pending = Payment.objects.filter(is_live=settings.STRIPE_LIVE, status=Payment.Status.PENDING)
    yield from pending.values_list("donation_id", flat=True)
    disputes = Dispute.objects.open().filter(payment__is_live=settings.STRIPE_LIVE)
    yield from disputes.values_list("payment__donation_id", flat=True)


def _compare(donation_id: UUID, stripe_ids: set[str], now: datetime, result: Comparison) -> None:
    result.compared += 1
    try:
        with transaction.atomic():
            donation = Donation.objects.select_for_update().filter(pk=donation_id).first()
            if donation is None:
                result.unknown += _record_unknown(donation_id, stripe_ids, now)
                return
            before = state(donation)
            _correct(donation, stripe_ids)
            after = state(donation)
            if before != after:
                values = {"was": before, "now": after, "found_at": now, "stripe_id": donation.session_id}
                Discrepancy.objects.create(kind=Discrepancy.Kind.CHANGED, donation=donation, **values)
                result.differed += 1
    except client.NoAnswerError:
        log.warning("Donation %s could not be compared.", donation_id)
        result.unanswered += 1


def _correct(donation: Donation, stripe_ids: set[str]) -> None:
    if not donation.session_id:
        donation.session_id = next((stripe_id for stripe_id in stripe_ids if stripe_id.startswith("cs_")), "")
    if donation.session_id:
        sync.refresh(donation)
    for intent_id in stripe_ids:
        if not intent_id.startswith("cs_"):
            sync.sync_payment(intent_id)
    donation.refresh_from_db()


def _record_unknown(donation_id: UUID, stripe_ids: set[str], now: datetime) -> int:
    """Record each payment for a donation that we don't have, once; return how many are new.

    Skip sessions: without a payment they don't matter, as we delete unpaid donations ourselves.
    """
    count = 0
    for intent_id in sorted(stripe_ids):
        if intent_id.startswith("cs_"):
            continue
        kind = Discrepancy.Kind.UNKNOWN
        values = {"now": _("Donation %(id)s") % {"id": donation_id}, "found_at": now}
        _row, is_new = Discrepancy.objects.get_or_create(kind=kind, stripe_id=intent_id, defaults=values)
        count += is_new
    return count


def state(donation: Donation) -> str:
    """Describe what we have stored about a donation, without naming the donor, for comparison with a later state.

    It is in words because organisers read it.
    """
    lines = [_("Payment page: %(state)s") % {"state": donation.get_session_status_display()}]
    if donation.subscription_id:
        lines.append(_("Monthly donation: %(state)s") % {"state": donation.get_subscription_status_display()})
    lines += (_describe(payment) for payment in donation.payments.order_by("intent_id"))
    return "\n".join(lines)


def _describe(payment: Payment) -> str:
    values = {"id": payment.intent_id, "status": payment.get_status_display()}
    values |= {"amount": pounds(payment.amount_pence), "net": pounds(payment.net_pence)}
    text = _("Payment %(id)s of %(amount)s: %(status)s; %(net)s after refunds and disputes")
    return text % values
