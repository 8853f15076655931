"""Fixtures for tests of donations: a stand-in for Stripe, and a fund that accepts donations."""

import hashlib
import hmac
import json
import re
import time

import pytest

from actions.fundraising.models import Donation, DonationSettings, Payment
from tests.accounts.organisers import sign_in
from tests.actions.factories import FundFactory
from tests.factories import SiteSettingsFactory
from tests.stripe_standin import stand_in

SECRET = "whsec_first"  # noqa: S105 - of the stand-in
PAID = "checkout.session.completed"
PORTAL = "https://billing.stripe.com/p/login/test"
ANSWERS = {"amount": "1000", "often": "once", "show_name": "no"}


def signature(body, secret=SECRET, at=None):
    """Return the Stripe-Signature header for a body (https://docs.stripe.com/webhooks#verify-manually)."""
    timestamp = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


@pytest.fixture
def stripe(settings, monkeypatch):
    """Run the stand-in in live mode, so that its payments count; retry failed requests at once."""
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0.01)
    monkeypatch.setattr("stripe.HTTPClient.MAX_DELAY", 0.01)
    with stand_in() as standin:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE = "sk_live_x", True
        settings.STRIPE_API_BASE, settings.STRIPE_WEBHOOK_SECRETS = standin.url, [SECRET]
        yield standin


@pytest.fixture
def organiser(client, db):
    return sign_in(client)


@pytest.fixture
def fund(db, stripe):
    SiteSettingsFactory(contact_email="office@example.org")
    DonationSettings(portal_url=PORTAL).save()
    return FundFactory(payee="Friends of the Campaign")


@pytest.fixture
def fresh_form(client, fund, time_machine):
    """Return a function that fetches the page and returns the form's hidden values."""

    def get():
        page = client.get("/donate/").content.decode()
        return {"token": re.search(r'name="token" value="([^"]+)"', page)[1]}

    return get


@pytest.fixture
def donate(client, fresh_form, monkeypatch):
    """Return a function that fills in the form, sends it and returns the response."""
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 0)

    def post(**changes):
        return client.post("/donate/", fresh_form() | ANSWERS | changes)

    return post


@pytest.fixture
def donation(donate):
    """Return a donation of ten pounds, whose payment page is open."""
    assert donate().status_code == 303
    return Donation.objects.get()


@pytest.fixture
def session(stripe, donation):
    return stripe.objects[donation.session_id]


@pytest.fixture
def send(client, stripe):
    """Return a function that sends an event about an object, as Stripe would, and returns our response's status."""

    def post(type, about, **changes):
        return send_event(client, stripe.event(type, about) | changes)

    return post


def send_event(client, event, **header):
    body = json.dumps(event).encode()
    headers = {"Stripe-Signature": signature(body, **header)}
    return client.post("/webhooks/stripe/", body, content_type="application/json", headers=headers).status_code


@pytest.fixture
def monthly_session(donate, stripe):
    """Return the session of a monthly donation of ten pounds."""
    donate(often="monthly")
    return stripe.all("checkout.session")[0]


def total():
    """Return the sum of all payments that count, in pence."""
    return Payment.objects.counted().net_total()


def session_requests(stripe):
    """Return the values of each request to create a session."""
    return [values for method, path, values in stripe.requests if (method, path) == ("POST", "/v1/checkout/sessions")]
