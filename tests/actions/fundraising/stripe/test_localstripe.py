"""Payments at a third-party stand-in for Stripe, recorded by our own code.

Not covered here, since localstripe lacks them: Checkout (so a single donation is recorded from its payment, not from
its session), the portal, disputes, idempotency and Direct Debit in pounds: see `tests.stripe_standin`. Its charges and
invoices have an older format: tests with Stripe's own sample objects check that we read today's.
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
NEEDS_AUTH = "4000002760003184"
DECLINED_AFTER_AUTH = "4000008260003178"
SECRET = "whsec_localstripe"  # noqa: S105 - of the stand-in
EVENTS_OF_A_MONTHLY_DONATION = 9
STATE = Path("/tmp/localstripe.pickle")  # noqa: S108 - where localstripe would store its data


@pytest.fixture(scope="module")
def running():
    with localstripe() as running:
        yield running


@pytest.fixture
def stripe(running, settings):
    return use_for_site(running, settings)


def use_for_site(running, settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE, settings.STRIPE_API_BASE = KEY, False, running.url
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    return running


@pytest.fixture
def donation(db):
    return make_donation()


def make_donation():
    """Return a donation of 15 pounds that has its donor's address, as if from a session."""
    return DonationFactory(is_live=False, amount_pence=1500, donor_email="ada@example.org")


@pytest.fixture
def monthly_subscription(stripe, donation):
    """Return the subscription of a monthly donation whose first month is paid."""
    return stripe.subscribe(1500, VISA, donation.pk)


def payments():
    return list(Payment.objects.order_by("created_at", "status").values_list("status", "amount_pence", "net_pence"))


def receipts():
    return Message.objects.filter(kind="fundraising.receipt").count()


# --- Single donations


def test_a_card_payment_that_succeeds(stripe, donation):
    intent = stripe.pay(1500, VISA, donation.pk)
    sync.sync_payment(intent)

    assert payments() == [("paid", 1500, 1500)]
    payment = Payment.objects.get()
    assert (payment.method, payment.currency, payment.is_live) == ("card", "gbp", False)
    assert payment.charge_id.startswith("ch_")


def test_a_card_payment_that_is_declined(stripe, donation):
    sync.sync_payment(stripe.pay(1500, DECLINED, donation.pk))

    assert payments() == [("failed", 1500, 0)]
    assert receipts() == 0


def test_a_payment_that_waits_for_authentication_is_not_recorded(stripe, donation):
    intent = stripe.pay(1500, NEEDS_AUTH, donation.pk)
    assert stripe.request("GET", f"/v1/payment_intents/{intent}")["status"] == "requires_action"
    sync.sync_payment(intent)

    assert payments() == []


def test_a_payment_succeeds_after_authentication(stripe, donation):
    intent = stripe.pay(1500, NEEDS_AUTH, donation.pk)
    sync.sync_payment(intent)
    assert stripe.authenticate(intent, confirmed=True)["status"] == "succeeded"
    sync.sync_payment(intent)

    assert payments() == [("paid", 1500, 1500)]


def test_a_payment_fails_if_authentication_fails_or_the_bank_declines(stripe, donation):
    refused, declined = (stripe.pay(1500, card, donation.pk) for card in (NEEDS_AUTH, DECLINED_AFTER_AUTH))
    assert stripe.authenticate(refused, confirmed=False)["status"] == "requires_payment_method"
    assert "error" in stripe.authenticate(declined, confirmed=True)
    for intent in (refused, declined):
        sync.sync_payment(intent)

    assert payments() == [("failed", 1500, 0)]
    assert Payment.objects.get().intent_id == declined


def test_a_partial_refund_and_a_refund_of_the_rest(stripe, donation):
    intent = stripe.pay(1500, VISA, donation.pk)
    stripe.request("POST", "/v1/refunds", payment_intent=intent, amount=400)
    sync.sync_payment(intent)
    assert payments() == [("paid", 1500, 1100)]

    stripe.request("POST", "/v1/refunds", payment_intent=intent, amount=1100)
    sync.sync_payment(intent)
    assert payments() == [("paid", 1500, 0)]
    assert sorted(Refund.objects.values_list("amount_pence", flat=True)) == [400, 1100]


def test_a_refund_reduces_only_the_payment_that_it_names(stripe, donation):
    first, second = (stripe.pay(1500, VISA, donation.pk) for _time in range(2))
    stripe.request("POST", "/v1/refunds", payment_intent=first)
    for intent in (first, second):
        sync.sync_payment(intent)

    net = dict(Payment.objects.values_list("intent_id", "net_pence"))
    assert net == {first: 0, second: 1500}


# --- Monthly donations


def test_a_monthly_donation_is_paid_and_cancelled(stripe, donation, monthly_subscription):
    sync.sync_invoice(monthly_subscription["latest_invoice"])
    assert payments() == [("paid", 1500, 1500)]
    assert Donation.objects.get().subscription_status == "active"
    assert Payment.objects.get().invoice_id == monthly_subscription["latest_invoice"]

    stripe.request("DELETE", f"/v1/subscriptions/{monthly_subscription['id']}")
    sync.sync_subscription(monthly_subscription["id"])
    assert Donation.objects.get().subscription_status == "canceled"
    assert payments() == [("paid", 1500, 1500)]


def test_each_month_makes_one_payment(stripe, donation, monthly_subscription):
    second = stripe.bill_month(monthly_subscription)
    for invoice in (monthly_subscription["latest_invoice"], second["id"], second["id"]):
        sync.sync_invoice(invoice)

    assert payments() == [("paid", 1500, 1500)] * 2
    assert receipts() == 2


def bill_declined_month(stripe, subscription):
    """Bill another month, which the donor confirms but the bank declines; return the invoice's ID."""
    stripe.change_card(subscription["customer"], DECLINED_AFTER_AUTH)
    invoice = stripe.bill_month(subscription)
    assert "error" in stripe.authenticate(invoice["payment_intent"], confirmed=True)
    return invoice["id"]


def test_a_month_that_the_card_no_longer_pays_is_recorded_as_failed(stripe, donation, monthly_subscription):
    sync.sync_invoice(monthly_subscription["latest_invoice"])
    sync.sync_invoice(bill_declined_month(stripe, monthly_subscription))

    assert sorted(payments()) == [("failed", 1500, 0), ("paid", 1500, 1500)]
    assert Donation.objects.get().subscription_status == "past_due"
    assert receipts() == 1


def test_a_monthly_donation_whose_first_payment_is_declined_is_incomplete(stripe, donation):
    subscription = stripe.subscribe(1500, DECLINED, donation.pk)
    sync.sync_invoice(subscription["latest_invoice"])

    assert payments() == [("failed", 1500, 0)]
    assert Donation.objects.get().subscription_status == "incomplete"


def test_a_payment_is_found_by_its_invoice_and_an_invoice_by_its_subscription(stripe, donation, monthly_subscription):
    (invoice,) = client.invoices_of(monthly_subscription["id"])
    (intent,) = invoice.intent_ids
    sync.sync_payment(intent)

    assert invoice.id == Payment.objects.get().invoice_id == monthly_subscription["latest_invoice"]
    assert sync.donation_for(intent) == donation.pk


# --- Events


@pytest.fixture
def sending(transactional_db, live_server, settings):
    """Run a separate localstripe, so that no event arrives late, which sends its events to our server."""
    with localstripe() as running:
        url = f"{live_server.url}/webhooks/stripe/"
        running.request("POST", "/_config/webhooks/ours", url=url, secret=SECRET)
        yield use_for_site(running, settings)


def wait_for(*types, times=1):
    """Wait until each type of event has been processed `times` times."""
    for type in types:
        wait_until(lambda: StripeEvent.objects.filter(type=type).count() >= times, PATIENCE)  # noqa: B023 - called at once


def test_signed_events_record_what_was_paid_and_refunded(sending):
    donation = make_donation()
    subscription = sending.subscribe(1500, VISA, donation.pk)
    wait_for("invoice.paid")
    sending.bill_month(subscription)
    wait_for("invoice.paid", times=2)
    assert payments() == [("paid", 1500, 1500)] * 2

    intent = Payment.objects.earliest("created_at").intent_id
    sending.request("POST", "/v1/refunds", payment_intent=intent, amount=400)
    sending.request("DELETE", f"/v1/subscriptions/{subscription['id']}")
    wait_for("refund.created", "charge.refunded", "customer.subscription.deleted")

    assert Payment.objects.get(intent_id=intent).net_pence == 1100
    assert sum(net for _status, _amount, net in payments()) == 2600
    assert receipts() == 2
    donation.refresh_from_db()
    assert (donation.subscription_id, donation.subscription_status) == (subscription["id"], "canceled")


def test_events_record_a_failed_month_and_a_partly_refunded_single_donation(sending):
    donation, single = make_donation(), make_donation()
    subscription = sending.subscribe(1500, VISA, donation.pk)
    invoice = bill_declined_month(sending, subscription)
    sending.request("POST", "/v1/refunds", payment_intent=sending.pay(1500, VISA, single.pk), amount=500)
    wait_for("invoice.paid", "invoice.payment_failed", "refund.created", "charge.refunded")

    assert Payment.objects.get(status="failed").invoice_id == invoice
    assert sorted(payments()) == [("failed", 1500, 0), ("paid", 1500, 1000), ("paid", 1500, 1500)]
    donation.refresh_from_db()
    assert donation.subscription_status == "past_due"
    assert single.payments.get().net_pence == 1000


def test_events_signed_with_another_secret_are_refused(sending, settings, caplog):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_another"]
    donation = make_donation()
    subscription = sending.subscribe(1500, VISA, donation.pk)
    refused = "Bad Request: /webhooks/stripe/"
    wait_until(lambda: caplog.messages.count(refused) >= EVENTS_OF_A_MONTHLY_DONATION)
    assert not StripeEvent.objects.exists()

    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_another", SECRET]
    sending.request("DELETE", f"/v1/subscriptions/{subscription['id']}")
    wait_for("customer.subscription.deleted")


# --- The process itself


def test_it_stores_nothing_on_disk(running):
    before = STATE.stat() if STATE.exists() else None
    running.request("POST", "/v1/customers")

    assert (STATE.stat() if STATE.exists() else None) == before


def test_each_instance_starts_empty_and_leaves_no_process():
    with localstripe() as first:
        customer = first.request("POST", "/v1/customers")["id"]
        with localstripe() as second:
            assert "error" in second.request("GET", f"/v1/customers/{customer}")
    for instance in (first, second):
        assert instance.process.returncode == 0
        with pytest.raises(requests.ConnectionError):
            instance.request("GET", "/v1/plans")


def test_it_ends_with_the_tests_even_if_they_are_killed():
    start = "with localstripe() as running: print(running.url, flush=True); input()"
    command = [sys.executable, "-c", f"from tests.localstripe import localstripe\n{start}"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tests:  # noqa: S603
        url = tests.stdout.readline().strip()
        assert is_answering(url)
        tests.kill()
    wait_until(lambda: not is_answering(url))


def is_answering(url):
    try:
        return requests.get(f"{url}/v1/plans", auth=(KEY, ""), timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False
