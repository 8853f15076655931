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
    """Run it with a test key; give what it said."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE, stripe.livemode = "sk_test_x", False, False
    monkeypatch.setattr("actions.fundraising.management.commands.stripe_smoke.EVERY", 0.05)

    def run(minutes=0.5, said=None):
        said = said or StringIO()
        call_command("stripe_smoke", minutes=minutes, stdout=said)
        return said.getvalue()

    return run


def a_person(stripe, said):
    """Pay, and give the money back, each when told to; Stripe sends its messages."""
    try:
        while "/pay/" not in said.getvalue():
            time.sleep(0.02)
        session = stripe.all("checkout.session")[0]
        intent = stripe.pay(session)
        send_event(Client(), stripe.event("checkout.session.completed", session))
        while intent["id"] not in said.getvalue():
            time.sleep(0.02)
        send_event(Client(), stripe.event("refund.created", stripe.refund(intent, 300)))
    finally:
        connection.close()


def test_it_walks_through_a_payment_and_its_refund(smoke, stripe):
    screen = StringIO()
    person = threading.Thread(target=a_person, args=[stripe, screen], daemon=True)
    person.start()
    said = smoke(said=screen)
    person.join()

    assert f"{stripe.url}/pay/cs_test_" in said
    assert "https://dashboard.stripe.com/test/payments/pi_" in said
    assert "All is well" in said
    assert Payment.objects.get().net_pence == 0
    assert not Donation.objects.get().is_live


def test_without_messages_it_says_where_to_look_even_if_the_thanks_page_has_learnt_of_the_payment(smoke, stripe):
    def look_at_the_thanks_page():
        try:
            while not stripe.all("checkout.session"):
                time.sleep(0.02)
            stripe.pay(stripe.all("checkout.session")[0])
            time.sleep(0.2)
            Client().get(Donation.objects.get().get_absolute_url())
        finally:
            connection.close()

    person = threading.Thread(target=look_at_the_thanks_page)
    person.start()
    with pytest.raises(CommandError, match="No event has ever arrived. Look at the endpoint"):
        smoke(minutes=0.03)
    person.join()
    assert Payment.objects.get().status == "paid"


def test_it_refuses_a_live_key(smoke, settings):
    settings.STRIPE_SECRET_KEY = "sk_live_x"  # noqa: S105 - none
    with pytest.raises(CommandError, match="test key only"):
        smoke()


def test_it_says_when_stripe_refuses(smoke, stripe):
    stripe.faults = [401]
    with pytest.raises(CommandError, match="refuses the key"):
        smoke()


def test_it_needs_a_key_and_a_fund(smoke, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        smoke()
