"""Notices to the treasurer and the donor: failed payments, refunds, disputes and over-claims, each sent once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.fundraising.models import Claim, DonationSettings, Fund, Notice, Payment
from campaign.desk.tasks import all_tasks, tasks_for
from campaign.mail.outbox import send_waiting
from tests.accounts.organisers import make_organiser
from tests.actions.factories import DeclarationFactory
from tests.actions.fundraising.admin.conftest import dispute, refund
from tests.actions.fundraising.conftest import PAID, PORTAL

pytestmark = pytest.mark.django_db
TREASURER, DONOR = "money@example.org", "ada@example.org"


@pytest.fixture
def posted(mailoutbox):
    """Return a function that sends waiting messages and returns the new ones by recipient, leaving out receipts."""

    def send():
        del mailoutbox[:]
        while send_waiting():
            pass
        notices = [message for message in mailoutbox if "payment" in message.body and "Dear" not in message.body]
        notices += [message for message in mailoutbox if message.subject.startswith("About your donation")]
        return {message.to[0]: " ".join(message.body.split()) for message in notices}

    return send


@pytest.fixture
def paid(stripe, session, send, posted):
    """Return the Stripe payment of a completed donation."""
    DonationSettings(portal_url=PORTAL, treasurer_email=TREASURER).save()
    intent = stripe.pay(session)
    send(PAID, session)
    assert posted() == {}
    return intent


def test_the_donor_and_the_treasurer_are_notified_of_a_refund_once(paid, stripe, send, posted):
    made = stripe.refund(paid, 400)
    send("refund.created", made)
    messages = posted()

    assert "refunded £4.00 of the £10.00 that you gave to Friends of the Campaign" in messages[DONOR]
    assert "A payment was refunded, in full or in part." in messages[TREASURER]
    assert "Ada" not in messages[TREASURER]
    send("refund.updated", made)
    send("charge.refunded", stripe.objects[paid["latest_charge"]])
    assert posted() == {}

    send("refund.created", stripe.refund(paid, 100))
    assert set(posted()) == {DONOR, TREASURER}


def test_the_treasurer_is_notified_of_a_refund_that_fails_later(paid, stripe, send, posted):
    made = stripe.refund(paid, 400, status="pending")
    send("refund.created", made)
    posted()
    made["status"] = "failed"
    send("refund.failed", made)

    assert "we still have the money" in posted()[TREASURER]
    assert posted() == {}


def test_only_the_treasurer_is_notified_when_a_dispute_opens_and_when_it_is_lost(paid, stripe, send, posted):
    opened = stripe.dispute(paid, status="warning_needs_response")
    seen = []
    for status in ("warning_needs_response", "needs_response", "needs_response", "under_review", "lost", "lost"):
        opened["status"] = status
        send("charge.dispute.updated", opened)
        seen.append(posted())

    assert [set(messages) for messages in seen] == [{TREASURER}, {TREASURER}, set(), set(), {TREASURER}, set()]
    assert "has not taken any money" in seen[0][TREASURER]
    assert "Answer the dispute at Stripe before the deadline shown there, or it will be lost." in seen[1][TREASURER]
    assert "the donor’s bank keeps the money" in seen[4][TREASURER]


@pytest.fixture
def monthly(donate, stripe, send, posted):
    """Return the subscription of a monthly donation whose first month is paid."""
    donate(often="monthly")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    send(PAID, session)
    posted()
    return stripe.all("subscription")[0]


def test_a_failed_monthly_payment_is_notified_once_even_if_it_is_retried(monthly, stripe, send, posted):
    invoice = stripe.bill_month(monthly, "requires_payment_method")
    send("invoice.payment_failed", invoice)
    messages = posted()

    assert "did not go through" in messages[DONOR]
    assert PORTAL in messages[DONOR]
    assert "A bank refused a payment" in messages["office@example.org"]  # the contact address, as no treasurer is set
    send("invoice.payment_failed", invoice)
    assert posted() == {}


def test_nobody_is_notified_of_a_card_refused_on_the_payment_page(stripe, session, donation, send, posted):
    """Send nothing: the donor is still on the page and sees the refusal there."""
    intent = stripe.intent(1000, "requires_payment_method", {"donation": str(donation.pk)})
    session["payment_intent"] = intent["id"]
    send("checkout.session.expired", session | {"status": "expired"})

    assert Payment.objects.get().status == "failed"
    assert posted() == {}


def test_the_treasurer_is_notified_of_an_over_claim(paid, stripe, send, posted):
    Fund.objects.update(charity_name="The Charity")
    payment = Payment.objects.get()
    DeclarationFactory(donation=payment.donation, charity_name="The Charity")
    claim = Claim.objects.make("The Charity", make_organiser("grace"), timezone.now() + timedelta(seconds=1))
    send("refund.created", stripe.refund(paid, 100))
    assert "over-claim" not in posted()[TREASURER]  # the claim has not gone to HMRC yet

    claim.mark_sent(timezone.now())
    send("refund.created", stripe.refund(paid, 200))
    posted()
    assert list(Notice.objects.filter(kind="claim").values_list("about", flat=True)) == ["700"]
    send("charge.refunded", stripe.objects[paid["latest_charge"]])
    assert Notice.objects.filter(kind="claim").count() == 1


def test_nobody_is_notified_of_events_more_than_a_month_old(paid, stripe, send, posted):
    old = stripe.refund(paid, 400)
    old["created"] -= 31 * 24 * 60 * 60
    send("refund.created", old)
    lost = stripe.dispute(paid, status="lost", amount=100)
    lost["created"] -= 31 * 24 * 60 * 60
    send("charge.dispute.closed", lost)
    assert posted() == {}

    lost["status"] = "needs_response"
    send("charge.dispute.updated", lost)
    assert set(posted()) == {TREASURER}


def test_notices_of_test_payments_say_so(paid, stripe, send, posted):
    stripe.objects[paid["id"]]["livemode"] = False
    send("refund.created", stripe.refund(paid, 400))
    assert all(text.startswith("TEST: no money was taken.") for text in posted().values())


def daily_tasks():
    return [task for task in all_tasks() if not task.before_opening]


def test_the_desk_shows_problems_to_organisers_who_may_see_them(paid, stripe, send, django_assert_max_num_queries):
    send("refund.created", stripe.refund(paid, 400))
    send("charge.dispute.created", stripe.dispute(paid, amount=100))
    with django_assert_max_num_queries(38):
        texts = [task.text for task in daily_tasks()]

    assert texts == [
        "A dispute is waiting: answer it at Stripe, or it will be lost.",
        "Refunds in the last three days: 1.",
    ]
    assert tasks_for(make_organiser("grace")) == []


def test_the_desk_ignores_problems_that_are_old_or_from_the_other_mode(paid, stripe, send, settings):
    send("refund.created", stripe.refund(paid, 400))
    send("charge.dispute.created", stripe.dispute(paid, amount=100))
    settings.STRIPE_LIVE = False
    assert daily_tasks() == []

    settings.STRIPE_LIVE = True
    Notice.objects.update(created_at=timezone.now() - timedelta(days=4))
    assert len(daily_tasks()) == 1


@pytest.mark.parametrize(
    ("reverse", "title"),
    [
        (lambda payment: dispute(payment, 1000, status="lost"), "Your bank has taken this donation back"),
        (lambda payment: dispute(payment, 1000), "Your bank has taken this donation back"),
        (lambda payment: refund(payment, 1000), "Your donation was refunded"),
        (lambda payment: refund(payment, 400), "Thank you for your donation"),
        (lambda payment: dispute(payment, 1000, status="won"), "Thank you for your donation"),
    ],
)
def test_the_donors_page_does_not_say_that_returned_money_arrived(client, paid, reverse, title):
    payment = Payment.objects.get()
    reverse(payment)
    page = client.get(payment.donation.get_absolute_url()).content.decode()

    assert title in page
    assert ("It has arrived." in page) is (title == "Thank you for your donation")
