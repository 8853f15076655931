"""`manage.py stripe_smoke`."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from actions.fundraising.models import Donation, Payment
from tests.actions.fundraising.conftest import send_event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def smoke(settings, fund, stripe, monkeypatch):
    """Return a function that runs the command with a test key and returns its output."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE, stripe.livemode = "sk_test_x", False, False
    monkeypatch.setattr("actions.fundraising.management.commands.stripe_smoke.EVERY", 0.05)

    def run(minutes=0.5, output=None):
        output = output or StringIO()
        call_command("stripe_smoke", minutes=minutes, stdout=output)
        return output.getvalue()

    return run


def act_as_tester(stripe, output):
    """Pay and refund, each when the command asks for it; Stripe sends its events."""
    try:
        while "/pay/" not in output.getvalue():
            time.sleep(0.02)
        session = stripe.all("checkout.session")[0]
        intent = stripe.pay(session)
        send_event(Client(), stripe.event("checkout.session.completed", session))
        while intent["id"] not in output.getvalue():
            time.sleep(0.02)
        send_event(Client(), stripe.event("refund.created", stripe.refund(intent, 300)))
    finally:
        connection.close()


def test_it_guides_through_a_payment_and_its_refund(smoke, stripe):
    screen = StringIO()
    tester = threading.Thread(target=act_as_tester, args=[stripe, screen], daemon=True)
    tester.start()
    output = smoke(output=screen)
    tester.join()

    assert f"{stripe.url}/pay/cs_test_" in output
    assert "https://dashboard.stripe.com/test/payments/pi_" in output
    assert "All is well" in output
    assert Payment.objects.get().net_pence == 0
    assert not Donation.objects.get().is_live


def test_without_events_it_says_where_to_look_even_if_the_thank_you_page_recorded_the_payment(smoke, stripe):
    def visit_the_thank_you_page():
        try:
            while not stripe.all("checkout.session"):
                time.sleep(0.02)
            stripe.pay(stripe.all("checkout.session")[0])
            time.sleep(0.2)
            Client().get(Donation.objects.get().get_absolute_url())
        finally:
            connection.close()

    tester = threading.Thread(target=visit_the_thank_you_page)
    tester.start()
    with pytest.raises(CommandError, match="No event has ever arrived. Look at the endpoint"):
        smoke(minutes=0.03)
    tester.join()
    assert Payment.objects.get().status == "paid"


def test_it_refuses_a_live_key(smoke, settings):
    settings.STRIPE_SECRET_KEY = "sk_live_x"  # noqa: S105 - not a real key
    with pytest.raises(CommandError, match="test key only"):
        smoke()


def test_it_reports_that_stripe_refuses_the_key(smoke, stripe):
    stripe.faults = [401]
    with pytest.raises(CommandError, match="refuses the key"):
        smoke()


def test_it_needs_a_key_and_a_fund(smoke, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        smoke()
