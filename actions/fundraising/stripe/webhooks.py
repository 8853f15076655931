"""Stripe events: each is signed, handled once, and only a hint to ask Stripe for the current state."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from actions.fundraising.models import StripeEvent
from actions.fundraising.stripe import client, sync

MAX_BYTES = 256 * 1024  # Stripe's are a few thousand
ID = re.compile(r"[\w-]{1,255}", re.ASCII)
log = logging.getLogger(__name__)


def session(data: dict[str, Any]) -> None:
    """Handle a Checkout Session that was paid, failed or expired."""
    if session_id := _id(data, "id"):
        sync.sync_session(session_id, _id(data, "client_reference_id"))


def invoice(data: dict[str, Any]) -> None:
    """Handle a month's payment that was made, refused, or is waiting for the donor's bank."""
    if invoice_id := _id(data, "id"):
        sync.sync_invoice(invoice_id)


def subscription(data: dict[str, Any]) -> None:
    """Handle a monthly donation that was changed or cancelled."""
    if subscription_id := _id(data, "id"):
        sync.sync_subscription(subscription_id)


def charge(data: dict[str, Any]) -> None:
    """Handle a charge, a refund or a dispute; each names the payment or the charge."""
    intent_id, charge_id = _id(data, "payment_intent"), _id(data, "charge")
    if not intent_id and charge_id:
        intent_id = client.intent_of_charge(charge_id)
    if intent_id:
        sync.sync_payment(intent_id)


# https://docs.stripe.com/api/events/types
HANDLERS: dict[str, Callable[[dict[str, Any]], None]] = {
    "checkout.session.completed": session,
    "checkout.session.async_payment_succeeded": session,
    "checkout.session.async_payment_failed": session,
    "checkout.session.expired": session,
    "invoice.paid": invoice,
    "invoice.payment_failed": invoice,
    "invoice.payment_action_required": invoice,
    "customer.subscription.updated": subscription,
    "customer.subscription.deleted": subscription,
    "refund.created": charge,
    "refund.updated": charge,
    "refund.failed": charge,
    "charge.refunded": charge,
    "charge.dispute.created": charge,
    "charge.dispute.updated": charge,
    "charge.dispute.closed": charge,
}


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Handle one Stripe event.

    200: handled, now or before, or not for us. 400: not signed by Stripe, or of the other mode. 413: too long.
    500: we could not; Stripe sends it again for three days (https://docs.stripe.com/webhooks#retries).
    """
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return _answer(413)
    try:
        event = client.event(body, request.headers.get("Stripe-Signature", ""), time.time())
    except client.ForgedError:
        return _answer(400)
    if event["livemode"] is not settings.STRIPE_LIVE:
        log.error("A Stripe event is of the other mode: check STRIPE_WEBHOOK_SECRETS and STRIPE_LIVE.")
        return _answer(400)
    handler = HANDLERS.get(event["type"])
    try:
        return _answer(200 if handler is None or _handle_once(event, handler) else 500)
    except client.NotFoundError:
        return _answer(200)


def _handle_once(event: dict[str, Any], handler: Callable[[dict[str, Any]], None]) -> bool:
    """Handle an event unless that was done before, and record it in the same transaction. Return whether that worked.

    A second copy that arrives meanwhile waits for the first, because the record is unique.
    """
    try:
        with transaction.atomic():
            now = timezone.now()
            lag = max(0, round(now.timestamp() - event["created"])) if "created" in event else None
            values = {"type": event["type"], "received_at": now, "lag": lag}
            _event, is_new = StripeEvent.objects.get_or_create(pk=event["id"], defaults=values)
            if is_new:
                handler(event["data"]["object"])
    except client.NotFoundError:
        raise
    except client.NoAnswerError:
        return False
    return True


def _id(data: dict[str, Any], name: str) -> str:
    """Return the ID under this name, given as such or inside an object, or "" for anything else."""
    value = data.get(name)
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and ID.fullmatch(value) else ""


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Cache-Control": "no-store"})
