"""A thousand of Stripe's messages to a real server that is killed twice meanwhile."""

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

DONATIONS = 50
EVENTS = 1000
PATIENCE = 60


class Server:
    """Gunicorn with two workers on our database and the stand-in, started anew when it is killed."""

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
    """Send it until it is taken, as Stripe does, but sooner."""
    body = json.dumps(event).encode()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            headers = {"Stripe-Signature": signature(body)}
            if requests.post(f"{url}/webhooks/stripe/", body, headers=headers, timeout=20).status_code == 200:
                return True
        except requests.RequestException:
            pass
        time.sleep(0.1)
    return False


def lives(stripe, generator):
    """Donations of every kind with what became of them: the messages, and what is left of each, by donation."""
    events, left = [], {}
    for number in range(DONATIONS):
        amount = 1000 + number
        donation = DonationFactory(amount_pence=amount, is_live=False)
        values = {"line_items[0][price_data][unit_amount]": str(amount), "success_url": "", "mode": "payment"}
        _status, session = stripe.create(values | {"client_reference_id": str(donation.pk)}, str(donation.pk))
        Donation.objects.filter(pk=donation.pk).update(session_id=session["id"], session_status="open")
        intent = stripe.pay(session)
        refund = stripe.refund(intent, 100) if number % 2 else None
        dispute = stripe.dispute(intent, generator.choice(["won", "lost"]), 200) if number % 3 == 0 else None
        left[donation.pk] = amount - (100 if refund else 0) - (200 if dispute and dispute["status"] == "lost" else 0)
        news = [("checkout.session.completed", session)]
        news += [("refund.created", refund)] if refund else []
        news += [("charge.dispute.closed", dispute)] if dispute else []
        events += [stripe.event(type, about) for type, about in news]
    return events, left


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_thousand_messages_doubled_and_shuffled_with_two_kills_give_exact_totals(stripe, server):
    stripe.livemode = False
    generator = random.Random(7)  # noqa: S311 - any will do
    events, left = lives(stripe, generator)
    sent = events + generator.choices(events, k=EVENTS - len(events))
    generator.shuffle(sent)

    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(deliver, server.url, event) for event in sent]
        for part in (0.3, 0.6):
            while sum(future.done() for future in waiting) < part * EVENTS:
                time.sleep(0.05)
            server.kill()
            server.start()
        assert all(future.result() for future in waiting)

    assert {payment.donation_id: payment.net_pence for payment in Payment.objects.all()} == left
    assert StripeEvent.objects.count() == len(events)
    assert Message.objects.filter(kind="fundraising.receipt").count() == DONATIONS
