"""From the form to Stripe's payment page: a donation with its exact request to Stripe, then one Checkout Session."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from actions.fundraising.form_tokens import way_back
from actions.fundraising.models import Donation, Fund
from actions.fundraising.stripe import client
from actions.fundraising.stripe.records import SessionRecord
from campaign.db import Lock, lock

SESSION_LIFE = timedelta(hours=1)
# Stripe refuses sessions that end in less than 30 minutes: https://docs.stripe.com/api/checkout/sessions/create
MIN_SESSION_LIFE = timedelta(minutes=31)


class TooManyError(Exception):
    """Too many donations were started lately, so this one has to wait."""


@dataclass(frozen=True)
class DonationChoice:
    """A donor's choices; amounts in pence."""

    amount_pence: int
    fee_pence: int
    is_monthly: bool
    public_name: str
    in_memory_of: str


def start_donation(
    fund: Fund, form: uuid.UUID, choice: DonationChoice, network: bytes | None, now: datetime
) -> Donation:
    """Return the donation for a form with these answers, made at `now` (aware) if it doesn't exist yet.

    Raises TooManyError. The same form with other answers is another donation, whose session replaces the earlier ones.
    """
    key = uuid.uuid5(form, json.dumps([fund.pk, asdict(choice)]))
    with transaction.atomic():
        lock(Lock.DONATION)
        existing = Donation.objects.filter(pk=key).first()
        return existing or _make(key, fund, form, choice, network, now)


def open_session(donation: Donation, now: datetime) -> SessionRecord:
    """Return the donation's only session in its state at `now` (aware), and expire all others from the same form.

    Raises client.NoAnswerError.

    Repeating the request would return the first answer, from when the session was open, so retrieve a known session.
    """
    for other in Donation.objects.filter(form=donation.form, session_status="open").exclude(pk=donation.pk)[:10]:
        client.expire_session(other.session_id)
    session = client.session(donation.session_id) if donation.session_id else _create_session(donation, now)
    if session.url and not client.is_payment_page(session.url):
        raise client.NoAnswerError("Stripe named a payment page that is not its own.")
    return session


def _create_session(donation: Donation, now: datetime) -> SessionRecord:
    request = _request(donation, now)
    session = client.create_session(request, f"{donation.pk}-{request['expires_at']}")
    without_session = Donation.objects.filter(pk=donation.pk, session_id="")
    without_session.update(session_id=session.id, session_status=session.status)
    return session


def _request(donation: Donation, now: datetime) -> dict[str, Any]:
    """Return the donation's frozen request to Stripe, renewed if its session would end too soon at `now` (aware).

    A renewed request makes another session. If Stripe did make the first one, we never learnt its address, so nobody
    can pay there. The row is locked so that everybody who sends the form again gets the same renewed request.
    """
    with transaction.atomic():
        locked = Donation.objects.select_for_update().get(pk=donation.pk)
        if locked.parameters["expires_at"] < (now + MIN_SESSION_LIFE).timestamp():
            locked.parameters["expires_at"] = int((now + SESSION_LIFE).timestamp())
            locked.save(update_fields=["parameters"])
    return locked.parameters


def _make(
    key: uuid.UUID, fund: Fund, form: uuid.UUID, choice: DonationChoice, network: bytes | None, now: datetime
) -> Donation:
    _refuse_too_many(network, now)
    chosen = asdict(choice) | {"public_name": choice.public_name or None, "in_memory_of": choice.in_memory_of or None}
    donation = Donation(pk=key, form=form, fund=fund, is_live=settings.STRIPE_LIVE, created_at=now, **chosen)
    donation.network = network
    donation.parameters = parameters(donation)
    donation.save(force_insert=True)
    return donation


def _refuse_too_many(network: bytes | None, now: datetime) -> None:
    """Raise TooManyError if a rate limit is reached; the caller holds the lock, so the count is exact."""
    for scope, value in (("network", network), ("site", None)):
        number, seconds = settings.DONATION_LIMITS[scope]
        if scope == "network" and network is None:
            continue
        started = Donation.objects.started_since(value, now - timedelta(seconds=seconds))
        if started[:number].count() >= number:
            raise TooManyError


def parameters(donation: Donation) -> dict[str, Any]:
    """Return the request for a session (https://docs.stripe.com/api/checkout/sessions/create).

    Its description is neutral, and it contains nothing that the donor wrote.
    """
    name = f"Donation to {donation.fund.payee}"
    metadata = {"donation": str(donation.pk)}
    price: dict[str, Any] = {
        "currency": "gbp",
        "unit_amount": donation.total_pence,
        "product_data": {"name": name},
    }
    request: dict[str, Any] = {
        "adaptive_pricing": {"enabled": False},
        "client_reference_id": str(donation.pk),
        "metadata": metadata,
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": settings.SITE_URL + donation.get_absolute_url(),
        "cancel_url": settings.SITE_URL + way_back(donation),
        "expires_at": int((donation.created_at + SESSION_LIFE).timestamp()),
    }
    if donation.is_monthly:
        price["recurring"] = {"interval": "month"}
        return request | {"mode": "subscription", "subscription_data": {"metadata": metadata, "description": name}}
    return request | {
        "mode": "payment",
        "submit_type": "donate",
        "payment_intent_data": {"metadata": metadata, "description": name},
    }
