"""Client for Stripe: the only module that uses its package. It returns our own plain records.

Reference: https://docs.stripe.com/api, version 2026-10-28.endive, to which the pinned package belongs.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.conf import settings

from actions.fundraising.stripe.records import (
    BalanceRecord,
    InvoiceRecord,
    PaymentRecord,
    PayoutRecord,
    ReversalRecord,
    SessionRecord,
    SubscriptionRecord,
)
from campaign.monitoring.log_lines import Safe

VERSION = "2026-10-28.endive"
TIMEOUT = (3.05, 10)  # seconds to connect, and between two parts of a response
TOLERANCE = 300  # seconds that a signature may be old, or ahead of our clock; anything else may be a replay
CHECKOUT_HOST = "checkout.stripe.com"
EVENT_ID = re.compile(r"evt_\w{1,200}", re.ASCII)
PAGE = 100
CHARGES = (
    "charge",
    "payment",
)  # by card, and by other methods: https://docs.stripe.com/reports/balance-transaction-types
MAX_REVERSALS = 100  # refunds, and disputes, of one payment
log = logging.getLogger(__name__)
stripe.enable_telemetry = False


class NoAnswerError(Exception):
    """Stripe could not be reached, or could not or would not do what we asked."""


class NotFoundError(NoAnswerError):
    """Stripe does not know what we asked about."""


class ForgedError(Exception):
    """A message is not an event signed by Stripe within the last five minutes."""


def checkout_origin() -> str:
    """Return the origin of Stripe's payment page: the only one, besides our own, that the donation form may lead to."""
    return settings.STRIPE_API_BASE or f"https://{CHECKOUT_HOST}"


def is_payment_page(url: str) -> bool:
    """Return whether a URL is on Stripe's payment page."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" == checkout_origin()


def create_session(parameters: dict[str, Any], key: str) -> SessionRecord:
    """Create a Checkout Session, or return the one that the same idempotency `key` created within the last day.

    Raises NoAnswerError.
    """
    with _translated_errors():
        created = _client().v1.checkout.sessions.create(parameters, {"idempotency_key": key})  # type: ignore[arg-type]
    return _session(created)


def expire_session(session_id: str) -> None:
    """Expire an unpaid session, so that nobody can pay it; leave one that is over already. Raises NoAnswerError."""
    with _translated_errors(), suppress(stripe.InvalidRequestError):
        _client().v1.checkout.sessions.expire(session_id)


def session(session_id: str) -> SessionRecord:
    """Retrieve a session's current state. Raises NoAnswerError."""
    with _translated_errors():
        return _session(_client().v1.checkout.sessions.retrieve(session_id))


def subscription(subscription_id: str) -> SubscriptionRecord:
    """Retrieve a monthly donation's current state. Raises NoAnswerError."""
    with _translated_errors():
        answer = _client().v1.subscriptions.retrieve(subscription_id)
    return SubscriptionRecord(answer.id, _donation(answer.metadata), answer.status)


def invoice(invoice_id: str) -> InvoiceRecord:
    """Retrieve a monthly invoice's current state. Raises NoAnswerError."""
    with _translated_errors():
        return _invoice(_client().v1.invoices.retrieve(invoice_id, {"expand": ["payments"]}))


def invoices_of(subscription_id: str) -> list[InvoiceRecord]:
    """Retrieve the last hundred invoices, or eight years, of a monthly donation. Raises NoAnswerError."""
    query: Any = {"subscription": subscription_id, "limit": PAGE, "expand": ["data.payments"]}
    with _translated_errors():
        return [_invoice(item) for item in _client().v1.invoices.list(query).data]


def invoice_of(intent_id: str) -> InvoiceRecord | None:
    """Retrieve the invoice that a payment is for, or None if the donation is a single one. Raises NoAnswerError."""
    query: Any = {"payment": {"type": "payment_intent", "payment_intent": intent_id}, "limit": 1}
    with _translated_errors():
        items = _client().v1.invoice_payments.list(query).data
    return invoice(_id(items[0].invoice)) if items else None


def intent_of_charge(charge_id: str) -> str:
    """Retrieve the ID of the payment that a charge belongs to, or "". Raises NoAnswerError."""
    with _translated_errors():
        return _id(_client().v1.charges.retrieve(charge_id).payment_intent)


def payment(intent_id: str) -> PaymentRecord:
    """Retrieve a payment's current state, with its refunds and disputes. Raises NoAnswerError."""
    with _translated_errors():
        intent = _client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
        charge = intent.latest_charge
        assert charge is None or isinstance(charge, stripe.Charge)  # noqa: S101  # nosec B101 - we asked for it
        query: Any = {"payment_intent": intent_id, "limit": MAX_REVERSALS}
        refunds = _client().v1.refunds.list(query).data if charge else []
        disputes = _client().v1.disputes.list(query).data if charge and charge.disputed else []
    was_paid = charge is not None and charge.paid and intent.status == "succeeded"
    return PaymentRecord(
        intent_id=intent.id,
        charge_id=charge.id if charge else "",
        donation=_donation(intent.metadata),
        status=intent.status,
        amount=intent.amount_received or intent.amount,
        currency=intent.currency,
        method=_method(charge),
        is_live=intent.livemode,
        created=_time(intent.created),
        paid_at=_time(charge.created) if charge and was_paid else None,
        refunds=tuple(_reversal(refund) for refund in refunds),
        disputes=tuple(_reversal(dispute) for dispute in disputes),
    )


def sessions_since(since: datetime) -> Iterator[SessionRecord]:
    """Yield all sessions started since then (aware). Raises NoAnswerError."""
    with _translated_errors():
        for item in _client().v1.checkout.sessions.list(_since(since)).auto_paging_iter():
            yield _session(item)


def intents_since(since: datetime) -> Iterator[str]:
    """Yield payments started, refunded or disputed since then (aware), some more than once. Raises NoAnswerError."""
    api = _client().v1
    with _translated_errors():
        for intent in api.payment_intents.list(_since(since)).auto_paging_iter():
            yield intent.id
        for kind in (api.refunds, api.disputes):
            for reversal in kind.list(_since(since)).auto_paging_iter():
                yield _id(reversal.payment_intent)


def charges(*, since: datetime | None = None, payout_id: str = "") -> Iterator[BalanceRecord]:
    """Yield a balance record for each charge since then (aware), or in an automatic payout.

    A balance transaction doesn't name its payout, so ask by payout: https://docs.stripe.com/payouts/reconciliation.
    Raises NoAnswerError.
    """
    query: Any = _since(since) if since else {"payout": payout_id, "limit": PAGE}
    with _translated_errors():
        for item in _client().v1.balance_transactions.list(query).auto_paging_iter():
            if item.type in CHARGES:
                yield BalanceRecord(_id(item.source), item.fee, item.currency)


def payouts_since(since: datetime) -> Iterator[PayoutRecord]:
    """Yield the automatic payouts made since then (aware). Raises NoAnswerError."""
    with _translated_errors():
        for item in _client().v1.payouts.list(_since(since)).auto_paging_iter():
            if item.automatic:
                yield PayoutRecord(item.id, _time(item.arrival_date).date(), item.status in ("failed", "canceled"))


def event(body: bytes, signature: str, now: float) -> dict[str, Any]:
    """Return the event in a request to our webhook, signed by Stripe with one of our secrets. Raises ForgedError.

    A signature may be 300 s old, or as much ahead of our clock (https://docs.stripe.com/webhooks#replay-attacks).
    """
    try:
        signature.encode("ascii")
        if not any(_is_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
            raise ForgedError
        sent_at = int(dict(part.split("=", 1) for part in signature.split(","))["t"])
        message = json.loads(body)
    except (ValueError, KeyError, RecursionError) as error:
        raise ForgedError from error
    if abs(now - sent_at) > TOLERANCE or not _is_event(message):
        raise ForgedError
    return message


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(body, signature, secret)
    except stripe.SignatureVerificationError:
        return False


def _is_event(message: Any) -> bool:
    """Return whether a message has the parts of an event: https://docs.stripe.com/api/events/object"""
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        return False
    texts = EVENT_ID.fullmatch(str(message.get("id"))) and isinstance(message.get("type"), str)
    return bool(texts) and isinstance(message["data"].get("object"), dict) and isinstance(message.get("livemode"), bool)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Turn errors of Stripe's package into ours. Log only their type and request, as their text may name a person."""
    try:
        yield
    except stripe.StripeError as error:
        log.warning("Stripe: %s, request %s", Safe(type(error).__name__), Safe(error.request_id))
        is_missing = isinstance(error, stripe.InvalidRequestError) and error.code == "resource_missing"
        raise (NotFoundError if is_missing else NoAnswerError) from None


def _client() -> stripe.StripeClient:
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@cache
def _client_of(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=VERSION,
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
        base_addresses={"api": base} if base else {},
    )


def _since(since: datetime) -> Any:
    return {"created": {"gte": int(since.timestamp())}, "limit": PAGE}


def _session(session: stripe.checkout.Session) -> SessionRecord:
    customer = session.customer_details
    return SessionRecord(
        id=session.id,
        donation=session.client_reference_id or "",
        status=session.status or "",
        url=session.url or "",
        intent_id=_id(session.payment_intent),
        subscription_id=_id(session.subscription),
        invoice_id=_id(session.invoice),
        customer_id=_id(session.customer),
        name=(customer.name if customer else None) or "",
        email=(customer.email if customer else None) or "",
    )


def _invoice(invoice: stripe.Invoice) -> InvoiceRecord:
    parent = invoice.parent.subscription_details if invoice.parent else None
    payments = getattr(invoice, "payments", None)  # present only if we asked for it
    items = payments.data if payments else ()
    return InvoiceRecord(
        id=invoice.id or "",
        donation=_donation(parent.metadata if parent else None),
        subscription_id=_id(parent.subscription if parent else None),
        intent_ids=tuple(_id(getattr(item.payment, "payment_intent", None)) for item in items),
    )


def _reversal(reversal: stripe.Refund | stripe.Dispute) -> ReversalRecord:
    return ReversalRecord(reversal.id, reversal.status or "", reversal.amount, _time(reversal.created))


def _method(charge: stripe.Charge | None) -> str:
    return charge.payment_method_details.type if charge and charge.payment_method_details else ""


def _donation(metadata: Any) -> str:
    """Return the donation in an object's metadata, or ""; objects that aren't ours may have other metadata."""
    return metadata["donation"] if metadata and "donation" in metadata else ""


def _id(item: Any) -> str:
    """Return the ID of an object that Stripe gives as its ID, expanded, or not at all ("")."""
    return item if isinstance(item, str) else (item.id if item else "")


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
