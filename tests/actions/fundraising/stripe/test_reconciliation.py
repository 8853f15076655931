"""`manage.py reconcile_donations`."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from actions.fundraising.models import Discrepancy, Donation, Payment
from campaign.mail.models import Message
from tests.actions.fundraising.conftest import PAID, total

pytestmark = pytest.mark.django_db


def reconcile():
    return call_command("reconcile_donations")


def test_a_payment_whose_event_was_lost_is_recorded_with_its_receipt(stripe, session):
    stripe.pay(session)
    output = reconcile()

    assert "1 differed and were corrected" in output
    assert total() == 1000
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1
    discrepancy = Discrepancy.objects.get()
    assert (discrepancy.was, discrepancy.kind) == ("Payment page: open, not paid yet", "changed")
    assert "Payment page: completed by the donor" in discrepancy.now
    assert "of £10.00: paid; £10.00 after refunds and disputes" in discrepancy.now


def test_matching_records_make_no_discrepancy_and_a_second_run_finds_nothing(stripe, session, send):
    stripe.pay(session)
    send(PAID, session)
    assert "0 differed" in reconcile()
    assert not Discrepancy.objects.exists()

    stripe.refund(stripe.all("payment_intent")[0], 100)
    assert "1 differed" in reconcile()
    assert "0 differed" in reconcile()
    assert Discrepancy.objects.count() == 1


@pytest.mark.parametrize("kind", ["refund", "dispute"])
def test_lost_events_about_refunds_and_disputes_of_old_payments_are_found(stripe, session, send, kind):
    intent = stripe.pay(session)
    send(PAID, session)
    for item in stripe.objects.values():
        item["created"] -= 40 * 24 * 60 * 60
    Donation.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert "Compared 0" in reconcile()

    stripe.refund(intent, 1000) if kind == "refund" else stripe.dispute(intent)
    assert "1 differed" in reconcile()
    assert total() == 0


def test_a_pending_payment_is_compared_however_old(stripe, session, send):
    intent = stripe.pay(session, "processing")
    send(PAID, session)
    for item in stripe.objects.values():
        item["created"] -= 40 * 24 * 60 * 60
    stripe.settle(intent, "succeeded")

    assert "1 differed" in reconcile()
    assert total() == 1000


def test_an_open_dispute_is_compared_however_old(stripe, session, send):
    intent = stripe.pay(session)
    dispute = stripe.dispute(intent)
    send(PAID, session)
    for item in stripe.objects.values():
        item["created"] -= 40 * 24 * 60 * 60
    dispute["status"] = "won"

    assert "1 differed" in reconcile()
    assert total() == 1000


def test_a_monthly_payment_whose_event_was_lost_is_found(donate, stripe, send):
    donate(often="monthly")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    send(PAID, session)
    stripe.bill_month(stripe.all("subscription")[0])

    assert "1 differed" in reconcile()
    assert total() == 2000


def test_a_session_whose_id_was_lost_is_found_by_its_donation(stripe, session):
    Donation.objects.update(session_id="", session_status="")
    stripe.pay(session)

    assert "1 differed" in reconcile()
    assert Donation.objects.get().session_id == session["id"]


def test_a_payment_for_an_unknown_donation_is_recorded_once(stripe, fund):
    stripe.intent(4000, "succeeded", {"donation": str(uuid.uuid4())})
    stripe.intent(4000, "succeeded", {})  # another use of the account, which is not ours to check

    assert "1 payments are for unknown donations" in reconcile()
    assert "0 payments are for unknown donations" in reconcile()
    assert Discrepancy.objects.get().kind == "unknown"
    assert not Payment.objects.exists()


def test_a_donation_that_cannot_be_compared_is_reported_and_the_others_are_compared(donate, stripe):
    donate()
    donate(amount="2500")
    for session in stripe.all("checkout.session"):
        stripe.pay(session)
    stripe.broken = {stripe.all("checkout.session")[0]["id"]}
    with pytest.raises(CommandError, match="1 differed .* 1 could not be compared"):
        reconcile()
    assert total() == 1000

    stripe.broken = set()
    assert "1 differed" in reconcile()
    assert total() == 3500


def test_the_command_fails_when_stripe_does_not_answer(stripe, fund):
    stripe.faults = [500] * 3
    with pytest.raises(CommandError, match="Stripe does not answer"):
        reconcile()


def test_without_a_key_there_is_nothing_to_compare(db):
    assert "nothing to compare" in reconcile()


def test_the_stripe_fee_and_payout_of_each_payment_are_recorded(donate, stripe, send):
    for amount in ("1000", "2500"):
        donate(amount=amount)
        session = stripe.all("checkout.session")[0]
        stripe.pay(session)
        send(PAID, session)
    newer, older = stripe.all("payment_intent")
    stripe.enter_balance(newer, 58)
    paid_out = stripe.enter_balance(older, 35)
    stripe.make("balance_transaction", "txn", type="refund", source="re_1", fee=0, currency="gbp")
    payout = stripe.pay_out(paid_out, arrives=datetime(2026, 11, 27, tzinfo=UTC).timestamp())
    stripe.make("payout", "po", arrival_date=0, status="paid", automatic=False)

    assert "0 differed" in reconcile()
    assert fees() == [(35, payout["id"], date(2026, 11, 27)), (58, "", None)]
    assert not Discrepancy.objects.exists()

    payout["status"] = "failed"
    reconcile()
    assert fees() == [(35, "", None), (58, "", None)]


def fees():
    return list(Payment.objects.order_by("amount_pence").values_list("stripe_fee_pence", "payout_id", "paid_out_on"))


def test_a_fee_in_another_currency_is_not_recorded_as_pounds(stripe, session, send):
    intent = stripe.pay(session)
    send(PAID, session)
    stripe.enter_balance(intent, 35)["currency"] = "eur"
    reconcile()

    assert Payment.objects.get().stripe_fee_pence is None


def test_a_key_that_may_not_read_fees_still_records_payments(stripe, session):
    stripe.enter_balance(stripe.pay(session), 35)
    stripe.broken = {"balance_transactions"}
    output = reconcile()

    assert "1 differed" in output
    assert "fees and payouts could not be read" in output
    assert total() == 1000
