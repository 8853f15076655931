"""Money that moves at a stand-in made by others, taken into our books by our own code.

Not covered here, since localstripe lacks them: Checkout, the portal, disputes, idempotency: see `tests.stripe_standin`.
"""

import time

import pytest

from actions.fundraising import bookkeeping
from actions.fundraising.models import Donation, Event, Payment
from tests.actions.factories import DonationFactory, FundFactory
from tests.localstripe import KEY, localstripe

pytestmark = pytest.mark.django_db

VISA = "4242424242424242"
DECLINED = "4000000000000341"
ASKS_THE_BANK = "4000002760003184"
SECRET = "whsec_localstripe"  # noqa: S105 - of the stand-in


@pytest.fixture(scope="module")
def running():
    with localstripe() as running:
        yield running


@pytest.fixture
def stripe(running, settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE, settings.STRIPE_API_BASE = KEY, False, running.url
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    return running


@pytest.fixture
def donation():
    return DonationFactory(is_live=False, amount_pence=1500)


def books():
    return list(Payment.objects.values_list("status", "amount_pence", "net_pence"))


def test_a_card_that_pays(stripe, donation):
    intent = stripe.pay(1500, VISA, donation.pk)
    bookkeeping.about_payment(intent)

    assert books() == [("paid", 1500, 1500)]
    payment = Payment.objects.get()
    assert (payment.method, payment.currency, payment.is_live) == ("card", "gbp", False)
    assert payment.charge_id.startswith("ch_")


def test_a_card_that_is_declined(stripe, donation):
    bookkeeping.about_payment(stripe.pay(1500, DECLINED, donation.pk))
    assert books() == [("failed", 1500, 0)]


def test_a_payment_that_stops_because_the_bank_asks_the_donor(stripe, donation):
    intent = stripe.pay(1500, ASKS_THE_BANK, donation.pk)
    assert stripe.ask("GET", f"/v1/payment_intents/{intent}")["status"] == "requires_action"
    bookkeeping.about_payment(intent)

    assert books() == []


def test_a_refund_in_part_and_then_of_the_rest(stripe, donation):
    intent = stripe.pay(1500, VISA, donation.pk)
    stripe.ask("POST", "/v1/refunds", payment_intent=intent, amount=400)
    bookkeeping.about_payment(intent)
    assert books() == [("paid", 1500, 1100)]

    stripe.ask("POST", "/v1/refunds", payment_intent=intent, amount=1100)
    bookkeeping.about_payment(intent)
    assert books() == [("paid", 1500, 0)]


def test_a_monthly_gift_and_its_end(stripe, donation):
    subscription = stripe.subscribe(1500, VISA, donation.pk)
    invoice = stripe.ask("GET", f"/v1/invoices?subscription={subscription['id']}")["data"][0]["id"]
    bookkeeping.about_invoice(invoice)
    assert books() == [("paid", 1500, 1500)]
    assert Donation.objects.get().subscription_status == "active"
    assert Payment.objects.get().invoice_id == invoice

    stripe.ask("DELETE", f"/v1/subscriptions/{subscription['id']}")
    bookkeeping.about_subscription(subscription["id"])
    assert Donation.objects.get().subscription_status == "canceled"


def test_a_monthly_gift_by_a_card_that_is_declined(stripe, donation):
    subscription = stripe.subscribe(1500, DECLINED, donation.pk)
    assert "error" in subscription or subscription["status"] != "active"
    assert books() == []


@pytest.mark.django_db(transaction=True)
def test_messages_signed_by_it_bring_our_books_up_to_date(stripe, live_server):
    donation = DonationFactory(is_live=False, amount_pence=1500, fund=FundFactory())
    stripe.ask("POST", "/_config/webhooks/ours", url=f"{live_server.url}/webhooks/stripe/", secret=SECRET)
    subscription = stripe.subscribe(1500, VISA, donation.pk)
    stripe.ask("DELETE", f"/v1/subscriptions/{subscription['id']}")

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not donation.subscription_status:
        time.sleep(0.1)
        donation.refresh_from_db()
    assert Event.objects.filter(type="customer.subscription.deleted").exists()
    assert (donation.subscription_id, donation.subscription_status) == (subscription["id"], "canceled")
