"""From a form to Stripe's payment page: a row with its request frozen, then one Checkout Session, whatever happens."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from actions.fundraising.models import Donation, Fund
from actions.fundraising.stripe import client
from actions.fundraising.stripe.records import SessionRecord
from campaign.db import Lock, lock

SESSION_LIFE = timedelta(hours=1)


class TooManyError(Exception):
    """So many gifts were begun lately that this one has to wait."""


@dataclass(frozen=True)
class DonationChoice:
    """What a donor chose; amounts in pence."""

    amount_pence: int
    fee_pence: int
    is_monthly: bool
    public_name: str
    in_memory_of: str


def start_donation(
    fund: Fund, form: uuid.UUID, choice: DonationChoice, network: bytes | None, now: datetime
) -> Donation:
    """The donation that a form with these answers stands for, made at `now` (aware) unless it was made before.

    Raises TooManyError. One form with other answers is another donation, and ends the sessions of the ones before.
    """
    key = uuid.uuid5(form, json.dumps([fund.pk, asdict(choice)]))
    with transaction.atomic():
        lock(Lock.DONATION)
        found = Donation.objects.filter(pk=key).first()
        return found or _make(key, fund, form, choice, network, now)


def open_session(donation: Donation) -> SessionRecord:
    """Stripe's session for the donation: the same each time, as it is now. Raises payments.NoAnswerError.

    A request sent again gets the answer of the first time, when the session was open: so one that we know is asked for.
    """
    record = client.session(donation.session_id) if donation.session_id else _create_session(donation)
    if record.url and not client.is_payment_page(record.url):
        raise client.NoAnswerError("Stripe named a payment page that is not its own.")
    return record


def _create_session(donation: Donation) -> SessionRecord:
    """Make the session, once the other sessions of the same form can't be paid any more."""
    for other in Donation.objects.filter(form=donation.form, session_status="open").exclude(pk=donation.pk)[:10]:
        client.expire_session(other.session_id)
    record = client.create_session(donation.parameters, str(donation.pk))
    held = Donation.objects.filter(pk=donation.pk, session_id="")
    held.update(session_id=record.id, session_status=record.status)
    return record


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
    """Raise TooManyError beyond the limits; the lock that is held makes the count exact."""
    for whose, value in (("network", network), ("site", None)):
        number, seconds = settings.DONATION_LIMITS[whose]
        if whose == "network" and network is None:
            continue
        begun = Donation.objects.started_since(value, now - timedelta(seconds=seconds))
        if begun[:number].count() >= number:
            raise TooManyError


def parameters(donation: Donation) -> dict[str, Any]:
    """The request for a session: https://docs.stripe.com/api/checkout/sessions/create

    Neutral words, and nothing of what the donor wrote.
    """
    name = f"Donation to {donation.fund.payee}"
    about = {"donation": str(donation.pk)}
    price: dict[str, Any] = {
        "currency": "gbp",
        "unit_amount": donation.total_pence,
        "product_data": {"name": name},
    }
    request: dict[str, Any] = {
        "adaptive_pricing": {"enabled": False},
        "client_reference_id": str(donation.pk),
        "metadata": about,
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": settings.SITE_URL + donation.get_absolute_url(),
        "cancel_url": settings.SITE_URL + reverse("fundraising:donate"),
        "expires_at": int((donation.created_at + SESSION_LIFE).timestamp()),
    }
    if donation.is_monthly:
        price["recurring"] = {"interval": "month"}
        return request | {"mode": "subscription", "subscription_data": {"metadata": about, "description": name}}
    return request | {
        "mode": "payment",
        "submit_type": "donate",
        "payment_intent_data": {"metadata": about, "description": name},
    }
