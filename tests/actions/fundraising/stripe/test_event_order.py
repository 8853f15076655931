"""Stripe events twice, late, in any order, at once, and when we fail half way; receipts are still sent once."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from actions.fundraising.models import Dispute, Donation, Payment, Refund, StripeEvent
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.actions.fundraising.conftest import PAID, send_event, total
from tests.sizes import size

pytestmark = pytest.mark.django_db


def test_a_repeated_event_is_processed_once(client, stripe, session):
    stripe.pay(session)
    event = stripe.event(PAID, session)
    assert send_event(client, event) == 200
    count = len(stripe.requests)
    assert send_event(client, event) == 200

    assert len(stripe.requests) == count
    assert StripeEvent.objects.count() == 1


def test_a_receipt_is_sent_once_whatever_events_follow(send, stripe, session, mailoutbox):
    intent = stripe.pay(session)
    for _time in range(3):
        send(PAID, session)
    send("refund.created", stripe.refund(intent, 100))
    while send_waiting():
        pass

    (receipt,) = [message for message in mailoutbox if message.subject == "Your donation to Friends of the Campaign"]
    assert receipt.to == ["ada@example.org"]
    assert "£10.00" in receipt.body
    assert not re.search(r"billing\.stripe\.com", receipt.body)


def test_the_receipt_for_a_monthly_donation_says_how_to_cancel_it(donate, send, stripe, mailoutbox):
    donate(often="monthly")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    send(PAID, session)
    send_waiting()

    assert "https://billing.stripe.com/p/login/test" in mailoutbox[0].body


def test_a_receipt_waits_until_the_address_is_known(monthly_session, send, stripe, mailoutbox):
    stripe.pay(monthly_session)
    send("invoice.paid", stripe.all("invoice")[0])
    send_waiting()
    assert total() == 1000
    assert mailoutbox == []

    send(PAID, monthly_session)
    send_waiting()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("faults", [[500] * 3, [429], [503] * 3])
def test_an_event_that_fails_is_answered_500_and_processed_when_it_is_sent_again(client, stripe, session, faults):
    stripe.pay(session)
    event = stripe.event(PAID, session)
    stripe.faults = list(faults)
    assert send_event(client, event) == 500
    assert not StripeEvent.objects.exists()
    assert not Payment.objects.exists()

    assert send_event(client, event) == 200
    assert total() == 1000


def test_a_failure_half_way_changes_nothing(client, stripe, session):
    stripe.pay(session)
    event = stripe.event(PAID, session)
    count = len(stripe.requests)
    stripe.faults = [lambda: stripe.faults.extend([500] * 3)]  # Stripe returns the session but not the payment
    assert send_event(client, event) == 500

    assert len(stripe.requests) == count + 1
    assert Donation.objects.get().session_status == "open"
    assert not StripeEvent.objects.exists()


def all_events(stripe, session):
    """Return all events of a monthly donation that is paid, partly refunded, disputed, won and cancelled."""
    intent = stripe.pay(session)
    refund = stripe.refund(intent, 300)
    dispute = stripe.dispute(intent, status="won", amount=700)
    subscription = stripe.all("subscription")[0]
    subscription["status"] = "canceled"
    return [
        stripe.event(PAID, session),
        stripe.event("refund.created", refund | {"status": "pending"}),
        stripe.event("charge.dispute.created", dispute | {"status": "needs_response"}),
        stripe.event("charge.dispute.closed", dispute),
        stripe.event("customer.subscription.deleted", subscription),
    ]


def stored_state():
    """Return everything that we store about the donation, except times."""
    return [
        list(Donation.objects.values("session_status", "subscription_status", "donor_email")),
        list(Payment.objects.values("intent_id", "status", "amount_pence", "net_pence")),
        list(Refund.objects.order_by("pk").values("pk", "status", "amount_pence")),
        list(Dispute.objects.order_by("pk").values("pk", "status", "amount_pence")),
        Message.objects.filter(kind="fundraising.receipt").count(),
    ]


def test_every_order_of_a_donations_events_ends_in_the_same_state(client, stripe, monthly_session):
    events = all_events(stripe, monthly_session)
    donation = Donation.objects.get()
    fresh = Donation.objects.filter(pk=donation.pk).values().get()
    states = []
    for order in itertools.islice(itertools.permutations(events), 0, None, size(5, 1)):
        for event in order:
            assert send_event(client, event) == 200
        states.append(stored_state())
        Message.objects.all().delete()
        StripeEvent.objects.all().delete()
        Payment.objects.all().delete()
        Donation.objects.filter(pk=donation.pk).update(**fresh)

    assert len(states) == size(24, 120)
    assert all(state == states[0] for state in states)
    assert states[0][1][0]["net_pence"] == 700
    assert states[0][4] == 1


def test_repeated_and_late_events_end_in_the_same_state(client, stripe, session):
    """Send all events so far again after each change, as slow and repeated deliveries do."""
    sent = []

    def send_all(type, about):
        sent.append(stripe.event(type, about))
        for event in reversed(sent):
            assert send_event(client, event | {"id": f"{event['id']}_{len(sent)}"}) == 200

    intent = stripe.pay(session, "processing")
    send_all(PAID, session)
    stripe.settle(intent, "succeeded")
    send_all("checkout.session.async_payment_succeeded", session)
    refund = stripe.refund(intent, 300, "pending")
    send_all("refund.created", refund)
    dispute = stripe.dispute(intent, amount=700)
    send_all("charge.dispute.created", dispute)
    assert total() == 0
    dispute["status"] = "won"
    send_all("charge.dispute.closed", dispute)
    refund["status"] = "succeeded"
    send_all("refund.updated", refund)

    assert total() == 700
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_events_are_each_processed_once(client, stripe, monthly_session):
    events = all_events(stripe, monthly_session) * 4

    def deliver(event):
        try:
            return send_event(Client(), event)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(deliver, events))

    assert set(answers) == {200}
    assert StripeEvent.objects.count() == 5
    assert total() == 700
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1
