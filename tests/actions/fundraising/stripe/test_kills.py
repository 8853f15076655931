"""A thousand Stripe events, sent to a real server that is killed twice meanwhile."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from actions.fundraising.models import Donation, Payment, StripeEvent
from campaign.mail.models import Message
from tests.actions.factories import DonationFactory
from tests.actions.fundraising.conftest import SECRET, signature
from tests.bench.load import database_url
from tests.checkouts import free_port
from tests.sizes import size

DONATIONS = size(15, 50)
EVENTS = size(300, 1000)
PATIENCE = 60


class Server:
    """Gunicorn with two workers, using the tests' database and the stand-in; it can be restarted after a kill."""

    def __init__(self, standin):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "campaign.settings",
            "DATABASE_URL": database_url(),
            "SITE_URL": self.url,
            "STRIPE_SECRET_KEY": "sk_test_x",
            "STRIPE_API_BASE": standin.url,
            "STRIPE_WEBHOOK_SECRETS": SECRET,
        }
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "campaign.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--log-level", "critical"]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)  # noqa: S603 - ours

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(stripe):
    server = Server(stripe)
    server.start()
    yield server
    server.kill()


def deliver(url, event):
    """Send an event until it is accepted, as Stripe does, but with shorter pauses; return whether it was."""
    body = json.dumps(event).encode()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            headers = {"Stripe-Signature": signature(body)}
            if requests.post(f"{url}/webhooks/stripe/", body, headers=headers, timeout=20).status_code == 200:
                return True
        except requests.RequestException:
            pass
        time.sleep(0.1)
    return False


def make_donations(stripe, rng):
    """Create donations with refunds and disputes; return their events, and the net pence of each donation."""
    events, net = [], {}
    for number in range(DONATIONS):
        amount = 1000 + number
        donation = DonationFactory(amount_pence=amount, is_live=False)
        values = {"line_items[0][price_data][unit_amount]": str(amount), "success_url": "", "mode": "payment"}
        _status, session = stripe.create(values | {"client_reference_id": str(donation.pk)}, str(donation.pk))
        Donation.objects.filter(pk=donation.pk).update(session_id=session["id"], session_status="open")
        intent = stripe.pay(session)
        refund = stripe.refund(intent, 100) if number % 2 else None
        dispute = stripe.dispute(intent, rng.choice(["won", "lost"]), 200) if number % 3 == 0 else None
        net[donation.pk] = amount - (100 if refund else 0) - (200 if dispute and dispute["status"] == "lost" else 0)
        donation_events = [("checkout.session.completed", session)]
        donation_events += [("refund.created", refund)] if refund else []
        donation_events += [("charge.dispute.closed", dispute)] if dispute else []
        events += [stripe.event(type, about) for type, about in donation_events]
    return events, net


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_thousand_repeated_shuffled_events_and_two_kills_give_exact_totals(stripe, server):
    stripe.livemode = False
    rng = random.Random(7)  # noqa: S311 - any will do
    events, net = make_donations(stripe, rng)
    deliveries = events + rng.choices(events, k=EVENTS - len(events))
    rng.shuffle(deliveries)

    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(deliver, server.url, event) for event in deliveries]
        for share in (0.3, 0.6):
            while sum(future.done() for future in futures) < share * EVENTS:
                time.sleep(0.05)
            server.kill()
            server.start()
        assert all(future.result() for future in futures)

    assert {payment.donation_id: payment.net_pence for payment in Payment.objects.all()} == net
    assert StripeEvent.objects.count() == len(events)
    assert Message.objects.filter(kind="fundraising.receipt").count() == DONATIONS
