"""Money that moves at a stand-in made by others, taken into our books by our own code.

Not covered here, since localstripe lacks them: Checkout (so a single gift is taken in by its payment, not by its
session), the portal, disputes, idempotency and Direct Debit in pounds: see `tests.stripe_standin`. Its charges and
invoices are of an older shape: that we read today's is checked with Stripe's own sample objects.
"""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from actions.fundraising.models import Donation, Payment, Refund, StripeEvent
from actions.fundraising.stripe import client, sync
from campaign.mail.models import Message
from tests.actions.factories import DonationFactory
from tests.checkouts import HERE, wait_until
from tests.localstripe import KEY, PATIENCE, localstripe

VISA = "4242424242424242"
DECLINED = "4000000000000341"
ASKS_THE_BANK = "4000002760003184"
ASKS_AND_IS_DECLINED = "4000008260003178"
SECRET = "whsec_localstripe"  # noqa: S105 - of the stand-in
NEWS_OF_A_MONTHLY_GIFT = 9
STATE = Path("/tmp/localstripe.pickle")  # noqa: S108 - where localstripe would keep what it holds


@pytest.fixture(scope="module")
def running():
    with localstripe() as running:
        yield running


@pytest.fixture
def stripe(running, settings):
    return asked_by_us(running, settings)


def asked_by_us(running, settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE, settings.STRIPE_API_BASE = KEY, False, running.url
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    return running


@pytest.fixture
def donation(db):
    return begun()


def begun():
    """A gift of 15 pounds whose session, had there been one, has told us who gives."""
    return DonationFactory(is_live=False, amount_pence=1500, donor_email="ada@example.org")


@pytest.fixture
def monthly(stripe, donation):
    """A monthly gift whose first month is paid."""
    return stripe.subscribe(1500, VISA, donation.pk)


def books():
    return list(Payment.objects.order_by("created_at", "status").values_list("status", "amount_pence", "net_pence"))


def receipts():
    return Message.objects.filter(kind="fundraising.receipt").count()


# --- Single gifts


def test_a_card_that_pays(stripe, donation):
    intent = stripe.pay(1500, VISA, donation.pk)
    sync.sync_payment(intent)

    assert books() == [("paid", 1500, 1500)]
    payment = Payment.objects.get()
    assert (payment.method, payment.currency, payment.is_live) == ("card", "gbp", False)
    assert payment.charge_id.startswith("ch_")


def test_a_card_that_is_declined(stripe, donation):
    sync.sync_payment(stripe.pay(1500, DECLINED, donation.pk))

    assert books() == [("failed", 1500, 0)]
    assert receipts() == 0


def test_a_payment_that_stops_because_the_bank_asks_the_donor(stripe, donation):
    intent = stripe.pay(1500, ASKS_THE_BANK, donation.pk)
    assert stripe.request("GET", f"/v1/payment_intents/{intent}")["status"] == "requires_action"
    sync.sync_payment(intent)

    assert books() == []


def test_it_is_paid_when_the_donor_has_answered_the_bank(stripe, donation):
    intent = stripe.pay(1500, ASKS_THE_BANK, donation.pk)
    sync.sync_payment(intent)
    assert stripe.authenticate(intent, confirmed=True)["status"] == "succeeded"
    sync.sync_payment(intent)

    assert books() == [("paid", 1500, 1500)]


def test_it_is_not_paid_when_the_donor_tells_the_bank_no_or_the_bank_declines(stripe, donation):
    refused, declined = (stripe.pay(1500, card, donation.pk) for card in (ASKS_THE_BANK, ASKS_AND_IS_DECLINED))
    assert stripe.authenticate(refused, confirmed=False)["status"] == "requires_payment_method"
    assert "error" in stripe.authenticate(declined, confirmed=True)
    for intent in (refused, declined):
        sync.sync_payment(intent)

    assert books() == [("failed", 1500, 0)]
    assert Payment.objects.get().intent_id == declined


def test_a_refund_in_part_and_then_of_the_rest(stripe, donation):
    intent = stripe.pay(1500, VISA, donation.pk)
    stripe.request("POST", "/v1/refunds", payment_intent=intent, amount=400)
    sync.sync_payment(intent)
    assert books() == [("paid", 1500, 1100)]

    stripe.request("POST", "/v1/refunds", payment_intent=intent, amount=1100)
    sync.sync_payment(intent)
    assert books() == [("paid", 1500, 0)]
    assert sorted(Refund.objects.values_list("amount_pence", flat=True)) == [400, 1100]


def test_a_refund_is_of_the_payment_that_it_names_and_of_no_other(stripe, donation):
    first, second = (stripe.pay(1500, VISA, donation.pk) for _time in range(2))
    stripe.request("POST", "/v1/refunds", payment_intent=first)
    for intent in (first, second):
        sync.sync_payment(intent)

    left = dict(Payment.objects.values_list("intent_id", "net_pence"))
    assert left == {first: 0, second: 1500}


# --- Monthly gifts


def test_a_monthly_gift_and_its_end(stripe, donation, monthly):
    sync.sync_invoice(monthly["latest_invoice"])
    assert books() == [("paid", 1500, 1500)]
    assert Donation.objects.get().subscription_status == "active"
    assert Payment.objects.get().invoice_id == monthly["latest_invoice"]

    stripe.request("DELETE", f"/v1/subscriptions/{monthly['id']}")
    sync.sync_subscription(monthly["id"])
    assert Donation.objects.get().subscription_status == "canceled"
    assert books() == [("paid", 1500, 1500)]


def test_each_month_is_a_payment_of_its_own(stripe, donation, monthly):
    second = stripe.bill_month(monthly)
    for invoice in (monthly["latest_invoice"], second["id"], second["id"]):
        sync.sync_invoice(invoice)

    assert books() == [("paid", 1500, 1500)] * 2
    assert receipts() == 2


def month_that_is_declined(stripe, subscription):
    """Another month, for which the donor says yes to the bank, and the bank says no; the invoice."""
    stripe.change_card(subscription["customer"], ASKS_AND_IS_DECLINED)
    invoice = stripe.bill_month(subscription)
    assert "error" in stripe.authenticate(invoice["payment_intent"], confirmed=True)
    return invoice["id"]


def test_a_month_that_the_card_no_longer_pays(stripe, donation, monthly):
    sync.sync_invoice(monthly["latest_invoice"])
    sync.sync_invoice(month_that_is_declined(stripe, monthly))

    assert sorted(books()) == [("failed", 1500, 0), ("paid", 1500, 1500)]
    assert Donation.objects.get().subscription_status == "past_due"
    assert receipts() == 1


def test_a_monthly_gift_by_a_card_that_is_declined_at_once(stripe, donation):
    subscription = stripe.subscribe(1500, DECLINED, donation.pk)
    sync.sync_invoice(subscription["latest_invoice"])

    assert books() == [("failed", 1500, 0)]
    assert Donation.objects.get().subscription_status == "incomplete"


def test_a_payment_is_found_by_its_invoice_and_an_invoice_by_its_subscription(stripe, donation, monthly):
    (facts,) = client.invoices_of(monthly["id"])
    (intent,) = facts.intent_ids
    sync.sync_payment(intent)

    assert facts.id == Payment.objects.get().invoice_id == monthly["latest_invoice"]
    assert sync.donation_for(intent) == donation.pk


# --- Messages


@pytest.fixture
def sending(transactional_db, live_server, settings):
    """One of its own, so that none comes too late, which sends its messages to our server."""
    with localstripe() as running:
        url = f"{live_server.url}/webhooks/stripe/"
        running.request("POST", "/_config/webhooks/ours", url=url, secret=SECRET)
        yield asked_by_us(running, settings)


def wait_for(*types, times=1):
    """Wait until messages of these types were dealt with so many times each."""
    for type in types:
        wait_until(lambda: StripeEvent.objects.filter(type=type).count() >= times, PATIENCE)  # noqa: B023 - called at once


def test_messages_signed_by_it_bring_our_books_to_what_was_paid_and_given_back(sending):
    donation = begun()
    subscription = sending.subscribe(1500, VISA, donation.pk)
    wait_for("invoice.paid")
    sending.bill_month(subscription)
    wait_for("invoice.paid", times=2)
    assert books() == [("paid", 1500, 1500)] * 2

    intent = Payment.objects.earliest("created_at").intent_id
    sending.request("POST", "/v1/refunds", payment_intent=intent, amount=400)
    sending.request("DELETE", f"/v1/subscriptions/{subscription['id']}")
    wait_for("refund.created", "charge.refunded", "customer.subscription.deleted")

    assert Payment.objects.get(intent_id=intent).net_pence == 1100
    assert sum(left for _status, _amount, left in books()) == 2600
    assert receipts() == 2
    donation.refresh_from_db()
    assert (donation.subscription_id, donation.subscription_status) == (subscription["id"], "canceled")


def test_messages_of_a_month_that_failed_and_of_a_single_gift_that_was_given_back_in_part(sending):
    donation, single = begun(), begun()
    subscription = sending.subscribe(1500, VISA, donation.pk)
    invoice = month_that_is_declined(sending, subscription)
    sending.request("POST", "/v1/refunds", payment_intent=sending.pay(1500, VISA, single.pk), amount=500)
    wait_for("invoice.paid", "invoice.payment_failed", "refund.created", "charge.refunded")

    assert Payment.objects.get(status="failed").invoice_id == invoice
    assert sorted(books()) == [("failed", 1500, 0), ("paid", 1500, 1000), ("paid", 1500, 1500)]
    donation.refresh_from_db()
    assert donation.subscription_status == "past_due"
    assert single.payments.get().net_pence == 1000


def test_messages_that_it_signed_with_a_secret_of_others_are_not_believed(sending, settings, caplog):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_another"]
    donation = begun()
    subscription = sending.subscribe(1500, VISA, donation.pk)
    refused = "Bad Request: /webhooks/stripe/"
    wait_until(lambda: caplog.messages.count(refused) >= NEWS_OF_A_MONTHLY_GIFT)
    assert not StripeEvent.objects.exists()

    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_another", SECRET]
    sending.request("DELETE", f"/v1/subscriptions/{subscription['id']}")
    wait_for("customer.subscription.deleted")


# --- The process itself


def test_it_keeps_nothing_on_disk(running):
    before = STATE.stat() if STATE.exists() else None
    running.request("POST", "/v1/customers")

    assert (STATE.stat() if STATE.exists() else None) == before


def test_each_begins_with_nothing_and_leaves_no_process():
    with localstripe() as first:
        customer = first.request("POST", "/v1/customers")["id"]
        with localstripe() as second:
            assert "error" in second.request("GET", f"/v1/customers/{customer}")
    for ended in (first, second):
        assert ended.process.returncode == 0
        with pytest.raises(requests.ConnectionError):
            ended.request("GET", "/v1/plans")


def test_it_ends_with_the_tests_even_if_they_are_killed():
    start = "with localstripe() as running: print(running.url, flush=True); input()"
    command = [sys.executable, "-c", f"from tests.localstripe import localstripe\n{start}"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tests:  # noqa: S603
        url = tests.stdout.readline().strip()
        assert answers(url)
        tests.kill()
    wait_until(lambda: not answers(url))


def answers(url):
    try:
        return requests.get(f"{url}/v1/plans", auth=(KEY, ""), timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False
