"""Stripe's messages: each signed, dealt with once, and taken only as a hint to ask how things stand."""

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


def session(found: dict[str, Any]) -> None:
    """A Checkout Session was paid, or not, or ran out."""
    if session_id := _named(found, "id"):
        sync.sync_session(session_id, _named(found, "client_reference_id"))


def invoice(found: dict[str, Any]) -> None:
    """A month's payment was made, or refused, or waits for the donor's bank."""
    if invoice_id := _named(found, "id"):
        sync.sync_invoice(invoice_id)


def subscription(found: dict[str, Any]) -> None:
    """A monthly gift was changed or ended."""
    if subscription_id := _named(found, "id"):
        sync.sync_subscription(subscription_id)


def charge(found: dict[str, Any]) -> None:
    """Something was taken from a charge; a charge, a refund and a dispute all name the payment or the charge."""
    intent_id, charge_id = _named(found, "payment_intent"), _named(found, "charge")
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
    """Take one message of Stripe's.

    200: dealt with, now or before, or not for us. 400: not signed by Stripe, or of the other mode. 413: too long.
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
        log.error("A message of Stripe's is of the other mode: check STRIPE_WEBHOOK_SECRETS and STRIPE_LIVE.")
        return _answer(400)
    handle = HANDLERS.get(event["type"])
    try:
        return _answer(200 if handle is None or _once(event, handle) else 500)
    except client.NotFoundError:
        return _answer(200)


def _once(event: dict[str, Any], handle: Callable[[dict[str, Any]], None]) -> bool:
    """Deal with a message, unless that was done; note it in the same transaction. Return whether that went well.

    A second copy that comes meanwhile waits for the first: the note is unique.
    """
    try:
        with transaction.atomic():
            note = {"type": event["type"], "received_at": timezone.now()}
            _event, is_new = StripeEvent.objects.get_or_create(pk=event["id"], defaults=note)
            if is_new:
                handle(event["data"]["object"])
    except client.NotFoundError:
        raise
    except client.NoAnswerError:
        return False
    return True


def _named(found: dict[str, Any], name: str) -> str:
    """The id that a message has under this name, by itself or in an object; "" for anything else."""
    value = found.get(name)
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and ID.fullmatch(value) else ""


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Cache-Control": "no-store"})
