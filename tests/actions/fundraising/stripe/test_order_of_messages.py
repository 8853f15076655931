"""Stripe's messages twice, late, in any order, at once, and when we fail half way; receipts all the same once."""

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

pytestmark = pytest.mark.django_db


def test_the_same_message_twice_is_dealt_with_once(client, stripe, session):
    stripe.pay(session)
    event = stripe.event(PAID, session)
    assert send_event(client, event) == 200
    asked = len(stripe.requests)
    assert send_event(client, event) == 200

    assert len(stripe.requests) == asked
    assert StripeEvent.objects.count() == 1


def test_a_receipt_is_sent_once_whatever_comes_after(send, stripe, session, mailoutbox):
    intent = stripe.pay(session)
    for _time in range(3):
        send(PAID, session)
    send("refund.created", stripe.refund(intent, 100))
    while send_waiting():
        pass

    (receipt,) = mailoutbox
    assert receipt.to == ["ada@example.org"]
    assert "£10.00" in receipt.body
    assert "Friends of the Campaign" in receipt.subject
    assert not re.search(r"billing\.stripe\.com", receipt.body)


def test_the_receipt_of_a_monthly_gift_says_how_to_end_it(give, send, stripe, mailoutbox):
    give(often="monthly")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    send(PAID, session)
    send_waiting()

    assert "https://billing.stripe.com/p/login/test" in mailoutbox[0].body


def test_a_receipt_waits_until_the_address_is_known(monthly, send, stripe, mailoutbox):
    stripe.pay(monthly)
    send("invoice.paid", stripe.all("invoice")[0])
    send_waiting()
    assert total() == 1000
    assert mailoutbox == []

    send(PAID, monthly)
    send_waiting()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("faults", [[500] * 3, [429], [503] * 3])
def test_our_failure_is_answered_500_and_the_message_is_dealt_with_when_it_comes_again(client, stripe, session, faults):
    stripe.pay(session)
    event = stripe.event(PAID, session)
    stripe.faults = list(faults)
    assert send_event(client, event) == 500
    assert not StripeEvent.objects.exists()
    assert not Payment.objects.exists()

    assert send_event(client, event) == 200
    assert total() == 1000


def test_a_failure_half_way_leaves_nothing_behind(client, stripe, session):
    stripe.pay(session)
    event = stripe.event(PAID, session)
    asked = len(stripe.requests)
    stripe.faults = [lambda: stripe.faults.extend([500] * 3)]  # the session is told, the payment is not
    assert send_event(client, event) == 500

    assert len(stripe.requests) == asked + 1
    assert Donation.objects.get().session_status == "open"
    assert not StripeEvent.objects.exists()


def life(stripe, session):
    """A monthly gift that was paid, partly refunded, disputed, won, and ended: all its messages."""
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


def held():
    """All that we hold, but for when we learnt it."""
    return [
        list(Donation.objects.values("session_status", "subscription_status", "donor_email")),
        list(Payment.objects.values("intent_id", "status", "amount_pence", "net_pence")),
        list(Refund.objects.order_by("pk").values("pk", "status", "amount_pence")),
        list(Dispute.objects.order_by("pk").values("pk", "status", "amount_pence")),
        Message.objects.filter(kind="fundraising.receipt").count(),
    ]


def test_every_order_of_a_donations_messages_ends_in_the_same_state(client, stripe, monthly):
    events = life(stripe, monthly)
    donation = Donation.objects.get()
    fresh = Donation.objects.filter(pk=donation.pk).values().get()
    ends = []
    for order in itertools.permutations(events):
        for event in order:
            assert send_event(client, event) == 200
        ends.append(held())
        Message.objects.all().delete()
        StripeEvent.objects.all().delete()
        Payment.objects.all().delete()
        Donation.objects.filter(pk=donation.pk).update(**fresh)

    assert len(ends) == 120
    assert all(end == ends[0] for end in ends)
    assert ends[0][1][0]["net_pence"] == 700
    assert ends[0][4] == 1


def test_messages_that_come_between_what_happens_end_in_the_same_state(client, stripe, session):
    """Each message is sent again after each thing that happens, as slow and repeated deliveries are."""
    sent = []

    def news(type, about):
        sent.append(stripe.event(type, about))
        for event in reversed(sent):
            assert send_event(client, event | {"id": f"{event['id']}_{len(sent)}"}) == 200

    intent = stripe.pay(session, "processing")
    news(PAID, session)
    stripe.settle(intent, "succeeded")
    news("checkout.session.async_payment_succeeded", session)
    refund = stripe.refund(intent, 300, "pending")
    news("refund.created", refund)
    dispute = stripe.dispute(intent, amount=700)
    news("charge.dispute.created", dispute)
    assert total() == 0
    dispute["status"] = "won"
    news("charge.dispute.closed", dispute)
    refund["status"] = "succeeded"
    news("refund.updated", refund)

    assert total() == 700
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_and_other_messages_at_once_are_each_dealt_with_once(client, stripe, monthly):
    events = life(stripe, monthly) * 4

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
