"""What Stripe events change: payments, refunds, disputes, monthly donations, and the alarm."""

import pytest

from actions.fundraising.models import Dispute, Donation, Payment, Refund
from campaign.email_addresses.canonical import address_hash
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.actions.fundraising.conftest import PAID, total

pytestmark = pytest.mark.django_db


def test_events_about_other_payments_change_nothing(send, stripe, fund):
    other = stripe.intent(5000, "succeeded", {})
    refund = stripe.refund(other, 100)

    assert send("refund.created", refund) == 200
    assert send("charge.refunded", stripe.objects[other["latest_charge"]]) == 200
    assert send(PAID, {"id": "cs_other", "client_reference_id": "order 12"}) == 200
    assert send("invoice.paid", {"id": "in_other"}) == 200
    assert not Payment.objects.exists()


def test_a_session_of_another_donation_is_ignored(donate, send, stripe, session, donation):
    donate(amount="5000")
    other = stripe.all("checkout.session")[0]
    stripe.pay(other)
    Donation.objects.exclude(pk=donation.pk).delete()
    assert send(PAID, other | {"client_reference_id": str(donation.pk)}) == 200

    donation.refresh_from_db()
    assert donation.session_id == session["id"]
    assert not Payment.objects.exists()


def test_a_direct_debit_is_pending_until_the_bank_answers(send, stripe, session):
    intent = stripe.pay(session, "processing")
    send(PAID, session)
    assert Payment.objects.get().status == "pending"
    assert total() == 0
    assert not Message.objects.filter(kind="fundraising.receipt").exists()

    stripe.settle(intent, "succeeded")
    send("checkout.session.async_payment_succeeded", session)
    assert total() == 1000
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1


def test_a_failed_direct_debit_does_not_count(send, stripe, session):
    intent = stripe.pay(session, "processing")
    send(PAID, session)
    stripe.settle(intent, "requires_payment_method")
    send("checkout.session.async_payment_failed", session)

    assert Payment.objects.get().status == "failed"
    assert total() == 0


@pytest.mark.parametrize(
    "email", ["a@example.org Bcc: v@example.net", "a@b。.org", "a\u200bb@example.org", "=?utf-8?q?v?=@example.org"]
)
def test_a_donation_from_an_unusable_address_counts_but_has_no_receipt(send, stripe, session, email, mailoutbox):
    stripe.pay(session, email=email)
    assert send(PAID, session) == 200
    assert send(PAID, session) == 200
    send_waiting()

    assert total() == 1000
    donation = Donation.objects.get()
    assert (donation.donor_name, donation.donor_email) == ("Ada Donor", None)
    assert bytes(donation.donor_hash) == address_hash(email)
    assert not Message.objects.exists()
    assert not mailoutbox


def test_a_donors_address_is_normalised(send, stripe, session, mailoutbox):
    stripe.pay(session, email="Ada@Bücher.example\u202c")
    send(PAID, session)
    send_waiting()

    assert Donation.objects.get().donor_email == "Ada@xn--bcher-kva.example"
    assert [mail.to for mail in mailoutbox] == [["Ada@xn--bcher-kva.example"]]


def test_an_expired_session_is_recorded(send, stripe, session, donation):
    stripe.expire(session)
    send("checkout.session.expired", session)
    donation.refresh_from_db()

    assert donation.session_status == "expired"
    assert not Payment.objects.exists()


def test_the_contents_of_an_event_are_not_trusted(send, stripe, session):
    assert send(PAID, session | {"status": "complete", "payment_status": "paid", "amount_total": 99_999}) == 200
    assert total() == 0
    assert Donation.objects.get().session_status == "open"


def test_refunds_reduce_the_total_and_failed_ones_do_not(send, stripe, session):
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
    ("status", "net"),
    [("needs_response", 0), ("under_review", 0), ("lost", 0), ("won", 1000), ("warning_needs_response", 1000)],
)
def test_open_and_lost_disputes_reduce_the_total(send, stripe, session, status, net):
    intent = stripe.pay(session)
    send(PAID, session)
    dispute = stripe.dispute(intent)
    send("charge.dispute.created", dispute)
    assert total() == 0

    dispute["status"] = status
    send("charge.dispute.closed", dispute)
    assert total() == net
    assert Dispute.objects.get().status == status


def test_a_refunded_and_disputed_payment_never_counts_below_zero(send, stripe, session):
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


def test_a_monthly_donation_makes_a_payment_each_month_and_can_be_cancelled(donate, send, stripe):
    donate(often="monthly")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    send(PAID, session)
    subscription = stripe.all("subscription")[0]
    for _month in range(2):
        send("invoice.paid", stripe.bill_month(subscription))
    assert total() == 3000
    assert Payment.objects.filter(donation__is_monthly=True).exclude(invoice_id="").count() == 3

    stripe.refund(stripe.all("payment_intent")[0], 1000)
    send("refund.created", stripe.all("refund")[0])
    subscription["status"] = "canceled"
    send("customer.subscription.deleted", subscription)
    assert total() == 2000
    assert Donation.objects.get().subscription_status == "canceled"


def test_a_refund_of_an_unknown_monthly_payment_is_found_by_its_invoice(donate, send, stripe):
    donate(often="monthly")
    stripe.pay(stripe.all("checkout.session")[0])
    intent = stripe.all("payment_intent")[0]
    send("refund.created", stripe.refund(intent, 250))

    assert total() == 750
    assert Payment.objects.get().invoice_id


def test_payments_in_another_currency_do_not_count(send, stripe, session):
    stripe.pay(session)["currency"] = "usd"
    send(PAID, session)

    assert Payment.objects.get().net_pence == 0


def test_test_donations_never_count(donate, send, stripe, settings):
    settings.STRIPE_LIVE, stripe.livemode = False, False
    donate()
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    assert send(PAID, session) == 200

    assert Payment.objects.get().status == "paid"
    assert total() == 0


@pytest.mark.parametrize("name", ["Ada\0 Lovelace", "Ada\ud800 Lovelace", "Ada\u202e Lovelace", "A" * 5000])
def test_a_donors_name_is_cleaned_before_it_is_stored(send, stripe, session, name):
    stripe.pay(session, name=name)
    assert send(PAID, session) == 200
    assert Donation.objects.get().donor_name == (name if name[1] == "A" else "Ada Lovelace")[:200]


def test_organisers_are_alerted_once_about_many_failed_donations(donate, send, stripe, settings, mailoutbox):
    settings.FAILED_DONATIONS_ALARM = 3
    settings.DONATION_LIMITS = {"network": (50, 600), "site": (50, 600)}
    for number in range(5):
        donate()
        session = stripe.all("checkout.session")[0]
        stripe.expire(session)
        send("checkout.session.expired", session)
        assert Message.objects.filter(kind="fundraising.alarm").count() == (number >= 2)
    send_waiting()

    (message,) = mailoutbox
    assert message.to == ["office@example.org"]
    assert "/admin/fundraising/donationsettings/" in message.body
