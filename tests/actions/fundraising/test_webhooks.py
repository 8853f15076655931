"""Stripe's messages: `/webhooks/stripe/`."""

import itertools
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.fundraising.models import Dispute, Donation, Event, Payment, Refund
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.actions.fundraising.conftest import SECRET, send_event, signature

pytestmark = pytest.mark.django_db

PAID = "checkout.session.completed"


def total():
    return Payment.objects.counted().net_total()


def post(client, body, header):
    headers = {"Stripe-Signature": header}
    return client.post("/webhooks/stripe/", body, content_type="application/json", headers=headers).status_code


# --- Whose message it is


def test_a_paid_session_makes_a_payment_that_counts(stripe, session, send):
    intent = stripe.pay(session)
    assert send(PAID, session) == 200

    payment = Payment.objects.get()
    assert (payment.intent_id, payment.status, payment.amount_pence, payment.method) == (
        intent["id"],
        "paid",
        1000,
        "card",
    )
    assert total() == 1000
    assert Donation.objects.get().donor_email == "ada@example.org"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1,v1=00",
        "nonsense",
        "t=abc,v1=00",
        "v1=00",
        "t=,v1=",
        "t=1,t=2,v1=0",
        f"t={10**30},v1=00",
        "t=1=2,v1=é",
    ],
)
def test_a_message_that_is_not_signed_by_stripe_is_refused(client, stripe, header):
    assert post(client, json.dumps(stripe.event(PAID, {"id": "cs_1"})), header) == 400
    assert not Event.objects.exists()


def test_a_message_signed_with_another_secret_or_changed_afterwards_is_refused(client, stripe):
    body = json.dumps(stripe.event(PAID, {"id": "cs_1"})).encode()

    assert post(client, body, signature(body, "whsec_other")) == 400
    assert post(client, body + b" ", signature(body)) == 400
    assert post(client, body, signature(body)) == 200


def test_two_secrets_hold_while_one_replaces_the_other(client, stripe, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    for secret, status in (("whsec_new", 200), (SECRET, 200), ("whsec_older", 400)):
        assert send_event(client, stripe.event(PAID, {"id": "cs_1"}), secret=secret) == status


def test_without_a_secret_nothing_is_believed(client, stripe, settings):
    for secrets in ([], [""]):
        settings.STRIPE_WEBHOOK_SECRETS = secrets
        body = json.dumps(stripe.event(PAID, {"id": "cs_1"})).encode()
        assert post(client, body, signature(body, "")) == 400


@pytest.mark.parametrize(("seconds", "status"), [(-301, 400), (-290, 200), (290, 200), (302, 400)])
def test_a_signature_is_good_for_five_minutes_and_no_further_ahead(client, stripe, time_machine, seconds, status):
    now = time.time()
    time_machine.move_to(now, tick=False)
    assert send_event(client, stripe.event(PAID, {"id": "cs_1"}), at=now + seconds) == status


def test_a_message_of_the_other_mode_is_refused(send, stripe, session):
    stripe.pay(session)
    assert send(PAID, session, livemode=False) == 400
    assert total() == 0


def test_a_message_that_is_too_long_is_refused(client, stripe):
    body = json.dumps(stripe.event(PAID, {"id": "cs_1", "more": "x" * 300_000})).encode()
    assert post(client, body, signature(body)) == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b'"text"',
        b"{}",
        b'{"id": 1}',
        b"\xff\xfe",
        b'{"id": "evt_1", "type": "x", "livemode": true, "data": 3}',
        b'{"id": "evt_\\u0000", "type": "x", "livemode": true, "data": {"object": {}}}',
        b'{"id": "evt_\\ud800", "type": "x", "livemode": true, "data": {"object": {}}}',
        b"[" * 100_000,
    ],
)
def test_a_signed_message_that_is_no_event_is_refused_without_an_error(client, stripe, body):
    assert post(client, body, signature(body)) == 400


@pytest.mark.parametrize("type", ["account.updated", "checkout.session.something", "x" * 500, "\0", "\ud800"])
def test_messages_of_other_types_are_taken_and_change_nothing(send, session, type):
    assert send(type, session) == 200
    assert not Payment.objects.exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda some: st.lists(some) | st.dictionaries(st.text(), some),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(about=st.dictionaries(st.sampled_from(["id", "payment_intent", "charge", "client_reference_id", "x"]), JSON))
def test_whatever_a_signed_message_holds_is_answered_without_an_error(client, stripe, about):
    for type in (PAID, "invoice.paid", "customer.subscription.deleted", "refund.created", "charge.dispute.closed"):
        assert send_event(client, stripe.event(type, about)) == 200


def test_only_post_is_answered(client):
    assert client.get("/webhooks/stripe/").status_code == 405


# --- What becomes of it


def test_news_about_what_is_not_ours_changes_nothing(send, stripe, fund):
    other = stripe.intent(5000, "succeeded", {})
    refund = stripe.refund(other, 100)

    assert send("refund.created", refund) == 200
    assert send("charge.refunded", stripe.objects[other["latest_charge"]]) == 200
    assert send(PAID, {"id": "cs_other", "client_reference_id": "order 12"}) == 200
    assert send("invoice.paid", {"id": "in_other"}) == 200
    assert not Payment.objects.exists()


def test_a_session_of_another_donation_is_not_taken_for_ours(give, send, stripe, session, donation):
    give(amount="5000")
    other = stripe.all("checkout.session")[0]
    stripe.pay(other)
    Donation.objects.exclude(pk=donation.pk).delete()
    assert send(PAID, other | {"client_reference_id": str(donation.pk)}) == 200

    donation.refresh_from_db()
    assert donation.session_id == session["id"]
    assert not Payment.objects.exists()


def test_a_payment_by_direct_debit_is_pending_until_the_bank_has_answered(send, stripe, session):
    intent = stripe.pay(session, "processing")
    send(PAID, session)
    assert Payment.objects.get().status == "pending"
    assert total() == 0
    assert not Message.objects.filter(kind="fundraising.receipt").exists()

    stripe.settle(intent, "succeeded")
    send("checkout.session.async_payment_succeeded", session)
    assert total() == 1000
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1


def test_a_direct_debit_that_fails_counts_for_nothing(send, stripe, session):
    intent = stripe.pay(session, "processing")
    send(PAID, session)
    stripe.settle(intent, "requires_payment_method")
    send("checkout.session.async_payment_failed", session)

    assert Payment.objects.get().status == "failed"
    assert total() == 0


def test_a_session_that_runs_out_is_noted(send, stripe, session, donation):
    stripe.expire(session)
    send("checkout.session.expired", session)
    donation.refresh_from_db()

    assert donation.session_status == "expired"
    assert not Payment.objects.exists()


def test_the_body_is_only_a_hint_what_it_says_is_not_believed(send, stripe, session):
    assert send(PAID, session | {"status": "complete", "payment_status": "paid", "amount_total": 99_999}) == 200
    assert total() == 0
    assert Donation.objects.get().session_status == "open"


def test_refunds_are_taken_from_the_total_and_failed_ones_are_not(send, stripe, session):
    intent = stripe.pay(session)
    send(PAID, session)
    refund = stripe.refund(intent, 300)
    send("refund.created", refund)
    assert total() == 700

    refund["status"] = "failed"
    send("refund.failed", refund)
    assert total() == 1000
    assert Refund.objects.get().status == "failed"


@pytest.mark.parametrize(
    ("status", "left"),
    [("needs_response", 0), ("under_review", 0), ("lost", 0), ("won", 1000), ("warning_needs_response", 1000)],
)
def test_open_and_lost_disputes_are_taken_from_the_total(send, stripe, session, status, left):
    intent = stripe.pay(session)
    send(PAID, session)
    dispute = stripe.dispute(intent)
    send("charge.dispute.created", dispute)
    assert total() == 0

    dispute["status"] = status
    send("charge.dispute.closed", dispute)
    assert total() == left
    assert Dispute.objects.get().status == status


def test_a_payment_that_was_refunded_and_disputed_never_counts_below_nothing(send, stripe, session):
    intent = stripe.pay(session)
    stripe.refund(intent, 600)
    stripe.dispute(intent)
    send(PAID, session)

    assert total() == 0


def test_a_refund_that_names_only_the_charge_is_found(send, stripe, session):
    intent = stripe.pay(session)
    refund = stripe.refund(intent, 400)
    assert send("refund.created", refund | {"payment_intent": None, "charge": intent["latest_charge"]}) == 200
    assert total() == 600


def test_a_monthly_gift_makes_a_payment_a_month_and_can_end(give, send, stripe):
    give(often="monthly")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    send(PAID, session)
    subscription = stripe.all("subscription")[0]
    for _month in range(2):
        send("invoice.paid", stripe.month(subscription))
    assert total() == 3000
    assert Payment.objects.filter(donation__is_monthly=True).exclude(invoice_id="").count() == 3

    stripe.refund(stripe.all("payment_intent")[0], 1000)
    send("refund.created", stripe.all("refund")[0])
    subscription["status"] = "canceled"
    send("customer.subscription.deleted", subscription)
    assert total() == 2000
    assert Donation.objects.get().subscription_status == "canceled"


def test_a_refund_of_a_month_that_we_have_not_heard_of_is_found_by_its_invoice(give, send, stripe):
    give(often="monthly")
    stripe.pay(stripe.all("checkout.session")[0])
    intent = stripe.all("payment_intent")[0]
    send("refund.created", stripe.refund(intent, 250))

    assert total() == 750
    assert Payment.objects.get().invoice_id


def test_money_in_another_currency_is_not_added_up(send, stripe, session):
    stripe.pay(session)["currency"] = "usd"
    send(PAID, session)

    assert Payment.objects.get().net_pence == 0


def test_test_donations_never_count(give, send, stripe, settings):
    settings.STRIPE_LIVE, stripe.livemode = False, False
    give()
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    assert send(PAID, session) == 200

    assert Payment.objects.get().status == "paid"
    assert total() == 0


@pytest.mark.parametrize("name", ["Ada\0 Lovelace", "Ada\ud800 Lovelace", "Ada\u202e Lovelace", "A" * 5000])
def test_whatever_is_in_a_donors_name_is_stored_cleaned(send, stripe, session, name):
    stripe.pay(session, name=name)
    assert send(PAID, session) == 200
    assert Donation.objects.get().donor_name == (name if name[1] == "A" else "Ada Lovelace")[:200]


# --- Once, in any order, at once


def test_the_same_message_twice_is_dealt_with_once(client, stripe, session):
    stripe.pay(session)
    event = stripe.event(PAID, session)
    assert send_event(client, event) == 200
    asked = len(stripe.requests)
    assert send_event(client, event) == 200

    assert len(stripe.requests) == asked
    assert Event.objects.count() == 1


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
    assert not Event.objects.exists()
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
    assert not Event.objects.exists()


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


@pytest.fixture
def monthly(give, stripe):
    """The session of a monthly gift of ten pounds."""
    give(often="monthly")
    return stripe.all("checkout.session")[0]


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
        Event.objects.all().delete()
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
    assert Event.objects.count() == 5
    assert total() == 700
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1


# --- The alarm


def test_many_failed_gifts_are_told_to_the_organisers_once(give, send, stripe, settings, mailoutbox):
    settings.ALARM_FAILED_GIFTS = 3
    settings.LIMIT_GIFTS = {"network": (50, 600), "site": (50, 600)}
    for number in range(5):
        give()
        session = stripe.all("checkout.session")[0]
        stripe.expire(session)
        send("checkout.session.expired", session)
        assert Message.objects.filter(kind="fundraising.alarm").count() == (number >= 2)
    send_waiting()

    (message,) = mailoutbox
    assert message.to == ["office@example.org"]
    assert "/admin/fundraising/givingsettings/" in message.body
