"""Talking to Stripe: the one module that knows its package. What it gives are plain record of our own.

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
    InvoiceRecord,
    PaymentRecord,
    ReversalRecord,
    SessionRecord,
    SubscriptionRecord,
)

VERSION = "2026-10-28.endive"
TIMEOUT = (3.05, 10)  # seconds to connect, and between two parts of an answer
TOLERANCE = 300  # seconds by which a signature may be old, or early: a replay of a stolen one is refused
CHECKOUT_HOST = "checkout.stripe.com"
EVENT_ID = re.compile(r"evt_\w{1,200}", re.ASCII)
PAGE = 100
MAX_PARTS = 100  # of one payment: refunds, disputes
log = logging.getLogger(__name__)
stripe.enable_telemetry = False


class NoAnswerError(Exception):
    """Stripe could not be reached, or could not or would not do what we asked."""


class NotFoundError(NoAnswerError):
    """Stripe does not know what we asked about."""


class ForgedError(Exception):
    """A message is not Stripe's, or not of this hour, or no message at all."""


def checkout_origin() -> str:
    """Where Stripe's payment page is: the one place besides our own that the form of gifts may lead to."""
    return settings.STRIPE_API_BASE or f"https://{CHECKOUT_HOST}"


def is_payment_page(url: str) -> bool:
    """Whether an address is on Stripe's payment page."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" == checkout_origin()


def create_session(parameters: dict[str, Any], key: str) -> SessionRecord:
    """Make a Checkout Session, or, for a `key` that was used within a day, give the one that it made then.

    Raises NoAnswerError.
    """
    with _asking():
        made = _client().v1.checkout.sessions.create(parameters, {"idempotency_key": key})  # type: ignore[arg-type]
    return _session(made)


def expire_session(session_id: str) -> None:
    """End a session that nobody has paid, so that nobody can; leave one that is over already. Raises NoAnswerError."""
    with _asking(), suppress(stripe.InvalidRequestError):
        _client().v1.checkout.sessions.expire(session_id)


def session(session_id: str) -> SessionRecord:
    """The session as it is now. Raises NoAnswerError."""
    with _asking():
        return _session(_client().v1.checkout.sessions.retrieve(session_id))


def subscription(subscription_id: str) -> SubscriptionRecord:
    """The monthly gift as it is now. Raises NoAnswerError."""
    with _asking():
        found = _client().v1.subscriptions.retrieve(subscription_id)
    return SubscriptionRecord(found.id, _donation(found.metadata), found.status)


def invoice(invoice_id: str) -> InvoiceRecord:
    """The invoice of a month as it is now. Raises NoAnswerError."""
    with _asking():
        return _invoice(_client().v1.invoices.retrieve(invoice_id, {"expand": ["payments"]}))


def invoices_of(subscription_id: str) -> list[InvoiceRecord]:
    """The last hundred invoices of a monthly gift: of eight years. Raises NoAnswerError."""
    query: Any = {"subscription": subscription_id, "limit": PAGE, "expand": ["data.payments"]}
    with _asking():
        return [_invoice(found) for found in _client().v1.invoices.list(query).data]


def invoice_of(intent_id: str) -> InvoiceRecord | None:
    """The invoice that a payment was made for; None for the payment of a single gift. Raises NoAnswerError."""
    query: Any = {"payment": {"type": "payment_intent", "payment_intent": intent_id}, "limit": 1}
    with _asking():
        found = _client().v1.invoice_payments.list(query).data
    return invoice(_id(found[0].invoice)) if found else None


def intent_of_charge(charge_id: str) -> str:
    """The payment that a charge belongs to, or "". Raises NoAnswerError."""
    with _asking():
        return _id(_client().v1.charges.retrieve(charge_id).payment_intent)


def payment(intent_id: str) -> PaymentRecord:
    """The payment as it is now, with its refunds and disputes. Raises NoAnswerError."""
    with _asking():
        intent = _client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
        charge = intent.latest_charge
        assert charge is None or isinstance(charge, stripe.Charge)  # noqa: S101 - we asked for it to be expanded
        query: Any = {"payment_intent": intent_id, "limit": MAX_PARTS}
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
        refunds=tuple(_part(refund) for refund in refunds),
        disputes=tuple(_part(dispute) for dispute in disputes),
    )


def sessions_since(since: datetime) -> Iterator[SessionRecord]:
    """All sessions begun since then (aware). Raises NoAnswerError."""
    with _asking():
        for found in _client().v1.checkout.sessions.list(_since(since)).auto_paging_iter():
            yield _session(found)


def intents_since(since: datetime) -> Iterator[str]:
    """Payments begun, refunded or disputed since then (aware), each perhaps more than once. Raises NoAnswerError."""
    api = _client().v1
    with _asking():
        for intent in api.payment_intents.list(_since(since)).auto_paging_iter():
            yield intent.id
        for part in (api.refunds, api.disputes):
            for found in part.list(_since(since)).auto_paging_iter():
                yield _id(found.payment_intent)


def event(body: bytes, signature: str, now: float) -> dict[str, Any]:
    """The message in a request to our webhook, signed by Stripe with one of our secrets. Raises ForgedError.

    A signature may be 300 s old, and as much ahead of our clock (https://docs.stripe.com/webhooks#replay-attacks).
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
    """Whether it has what every event has: https://docs.stripe.com/api/events/object"""
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        return False
    texts = EVENT_ID.fullmatch(str(message.get("id"))) and isinstance(message.get("type"), str)
    return bool(texts) and isinstance(message["data"].get("object"), dict) and isinstance(message.get("livemode"), bool)


@contextmanager
def _asking() -> Iterator[None]:
    """Turn errors of Stripe's package into ours. Its words may name a person: only kind and request are logged."""
    try:
        yield
    except stripe.StripeError as error:
        log.warning("Stripe: %s, request %s", type(error).__name__, error.request_id)
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


def _session(found: stripe.checkout.Session) -> SessionRecord:
    who = found.customer_details
    return SessionRecord(
        id=found.id,
        donation=found.client_reference_id or "",
        status=found.status or "",
        url=found.url or "",
        intent_id=_id(found.payment_intent),
        subscription_id=_id(found.subscription),
        invoice_id=_id(found.invoice),
        customer_id=_id(found.customer),
        name=(who.name if who else None) or "",
        email=(who.email if who else None) or "",
    )


def _invoice(found: stripe.Invoice) -> InvoiceRecord:
    parent = found.parent.subscription_details if found.parent else None
    paid = getattr(found, "payments", None)  # there only if asked for
    return InvoiceRecord(
        id=found.id or "",
        donation=_donation(parent.metadata if parent else None),
        subscription_id=_id(parent.subscription if parent else None),
        intent_ids=tuple(_id(getattr(part.payment, "payment_intent", None)) for part in (paid.data if paid else ())),
    )


def _part(found: stripe.Refund | stripe.Dispute) -> ReversalRecord:
    return ReversalRecord(found.id, found.status or "", found.amount, _time(found.created))


def _method(charge: stripe.Charge | None) -> str:
    return charge.payment_method_details.type if charge and charge.payment_method_details else ""


def _donation(metadata: Any) -> str:
    """The donation that something at Stripe is about, or ""; what others put there is theirs."""
    return metadata["donation"] if metadata and "donation" in metadata else ""


def _id(found: Any) -> str:
    """The id of what is named by its id, or given whole, or not at all."""
    return found if isinstance(found, str) else (found.id if found else "")


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
