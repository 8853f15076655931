"""Run a donation through its life, with Stripe's events in random order, and compare the site with a model."""

import re

import pytest
from django.core.management import call_command
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from actions.fundraising.models import Donation as Row
from actions.fundraising.models import StripeEvent
from campaign.mail.models import Message
from tests.actions.fundraising.conftest import (
    ANSWERS,
    PAID,
    send_event,
    stripe,  # noqa: F401 - a fixture
    total,
)
from tests.prove.lives.donation_steps import DonationSteps
from tests.prove.lives.donors import FINAL, Donation, Payment
from tests.prove.lives.machine import Quiet, live
from tests.prove.lives.rows import donation_model, donation_row
from tests.sizes import FULL

MAX_DONATIONS = 4
FRESH, EVENTS_KEPT_DAYS = 5, 60  # seconds; days
WHICH = st.sampled_from([0, 0, 0, 1, 2, 3, 5, 8])
WAITS = [{"seconds": 10}, {"minutes": 5}, {"hours": 3}, {"days": 3}, {"days": 31}]
THANKS = {
    "paid": "Thank you for your donation",
    "pending": "Your donation is pending",
    "refunded": "refunded",
    "open": "Your donation is not complete",
}
ANY = precondition(lambda life: life.donations)
OPEN = precondition(lambda life: any(one.truth.session == "open" for one in life.donations.values()))
PENDING = precondition(lambda life: life.payment(0, "pending"))
GOOD = precondition(lambda life: life.payment(0, "paid"))
REFUNDED = precondition(lambda life: life.undecided("refunds"))
DISPUTED = precondition(lambda life: life.undecided("disputes"))
MONTHLY = precondition(lambda life: life.subscribed(0))


class DonationLife(DonationSteps):
    """Make, pay, refund and dispute donations, and deliver Stripe's events in random order."""

    @initialize(often=st.sampled_from(["once", "monthly"]), state=st.sampled_from(["succeeded", "processing"]))
    def begin_with_a_donation_that_is_paid(self, often, state):
        self.donate(often, twice=False)
        self.pay(0, state)

    # --- Donors and banks

    @precondition(lambda life: len(life.donations) < MAX_DONATIONS)
    @rule(often=st.sampled_from(["once", "monthly"]), twice=st.booleans())
    def donate(self, often, twice):
        token = re.search(r'name="token" value="([^"]+)"', self.page("/donate/"))[1]
        for _time in range(1 + twice):
            response = self.post("/donate/", ANSWERS | {"token": token, "often": often})
            assert response.status_code == 303
        session = self.account.all("checkout.session")[0]
        assert len(self.account.all("checkout.session")) == len(self.donations) + 1
        self.donations[session["client_reference_id"]] = Donation(self.now, None)

    @OPEN
    @rule(which=WHICH, state=st.sampled_from(["succeeded", "succeeded", "processing"]))
    def pay(self, which, state):
        donation, session = self.chosen(which, is_open=True)
        self.saw("paid")
        intent = self.account.pay(session, state)
        donation.truth.session, donation.first = "complete", intent["id"]
        invoice = self.account.all("invoice")[0] if session["mode"] == "subscription" else None
        donation.truth.payments[intent["id"]] = Payment(1000, state, invoice["id"] if invoice else "")
        self.tell(PAID, session, donation, "session")
        if invoice:
            donation.truth.subscription = "active"
            self.tell("invoice.paid", invoice, donation, intent["id"])

    @OPEN
    @rule(which=WHICH)
    def close_the_page(self, which):
        donation, session = self.chosen(which, is_open=True)
        self.saw("expired")
        self.account.expire(session)
        donation.truth.session = "expired"
        self.tell("checkout.session.expired", session, donation, "session")

    @PENDING
    @rule(which=WHICH, state=st.sampled_from(["succeeded", "requires_payment_method"]))
    def settle_a_direct_debit(self, which, state):
        donation, key, payment = self.payment(which, "pending")
        self.saw(f"settled: {state}")
        self.account.settle(self.account.objects[key], state)
        payment.state = state
        is_good = state == "succeeded"
        if payment.invoice:
            kind = "invoice.paid" if is_good else "invoice.payment_failed"
            self.tell(kind, self.account.objects[payment.invoice], donation, key)
        else:
            kind = f"checkout.session.async_payment_{'succeeded' if is_good else 'failed'}"
            self.tell(kind, self.chosen_session(donation), donation, "session")

    @GOOD
    @rule(which=WHICH, amount=st.sampled_from([100, 300, 1000]), status=st.sampled_from(["succeeded", "pending"]))
    def refund(self, which, amount, status):
        donation, key, payment = self.payment(which, "paid")
        self.saw("refunded")
        made = self.account.refund(self.account.objects[key], amount, status)
        payment.refunds[made["id"]] = (amount, status)
        self.tell("refund.created", made, donation, key)

    @REFUNDED
    @rule(which=WHICH, status=st.sampled_from(["succeeded", "failed", "canceled"]))
    def decide_a_refund(self, which, status):
        self.decide(which, "refunds", status, "refund.failed" if status == "failed" else "refund.updated")

    @GOOD
    @rule(which=WHICH, amount=st.sampled_from([500, 1000]))
    def dispute(self, which, amount):
        donation, key, payment = self.payment(which, "paid")
        self.saw("disputed")
        made = self.account.dispute(self.account.objects[key], amount=amount)
        payment.disputes[made["id"]] = (amount, "needs_response")
        self.tell("charge.dispute.created", made, donation, key)

    @DISPUTED
    @rule(which=WHICH, status=st.sampled_from(["under_review", "won", "lost"]))
    def decide_a_dispute(self, which, status):
        kind = "charge.dispute.updated" if status == "under_review" else "charge.dispute.closed"
        self.decide(which, "disputes", status, kind)

    @MONTHLY
    @rule(which=WHICH, state=st.sampled_from(["succeeded", "processing", "requires_payment_method"]))
    def bill_another_month(self, which, state):
        donation, subscription = self.subscribed(which)
        self.saw("renewed")
        invoice = self.account.bill_month(subscription, state)
        key = self.account.all("payment_intent")[0]["id"]
        donation.truth.payments[key] = Payment(1000, state, invoice["id"])
        kind = "invoice.payment_failed" if state == "requires_payment_method" else "invoice.paid"
        self.tell(kind, invoice, donation, key)

    @MONTHLY
    @rule(which=WHICH, status=st.sampled_from(["past_due", "active", "canceled"]))
    def change_a_monthly_donation(self, which, status):
        donation, subscription = self.subscribed(which)
        self.saw(f"subscription {status}")
        subscription["status"] = donation.truth.subscription = status
        kind = "deleted" if status == "canceled" else "updated"
        self.tell(f"customer.subscription.{kind}", subscription, donation, "subscription")

    # --- Events, returning donors and nightly jobs

    @precondition(lambda life: life.events)
    @rule(which=WHICH, is_oldest=st.booleans(), fails=st.sampled_from([False, False, False, True]))
    def deliver(self, which, is_oldest, fails):
        """Deliver an event, which may be a repeat. Stripe's API may be down at the time."""
        self.wait(seconds=1)
        waiting = [one for one in self.events if one[0]["id"] not in self.handled]
        chosen_from = waiting if is_oldest and waiting else self.events
        event, donation, scope = chosen_from[which % len(chosen_from)]
        is_new = event["id"] not in self.handled
        self.account.faults = [500] * 3 if fails and is_new else []
        status = send_event(self.client, event)
        if self.saw("Stripe silent", fails and is_new):
            assert status == 500  # Stripe sends it again
            return
        assert status == 200
        if self.saw("delivered", is_new):
            self.handle(event, donation, scope)
        else:
            self.saw("delivered again")

    @ANY
    @rule(which=WHICH)
    def come_back(self, which):
        """Open the thank-you page, which asks Stripe unless the outcome is final or has just been checked."""
        donation, _session = self.chosen(which)
        self.wait(seconds=1)
        if donation.exists:
            key = next(key for key, one in self.donations.items() if one is donation)
            page = self.page(f"/donate/thanks/{key}/")
            is_fresh = donation.checked_at is not None and (self.now - donation.checked_at).total_seconds() < FRESH
            if donation.outcome not in FINAL and not is_fresh:
                donation.copy_everything(self.now)
            assert THANKS.get(donation.outcome, "") in page
            self.saw(f"shown as {donation.outcome}")

    @rule(time=st.sampled_from(WAITS))
    def let_time_pass(self, time):
        self.wait(**time)

    @rule()
    def clean_up(self):
        call_command("retention", verbosity=0, stdout=Quiet())
        for donation in self.donations.values():
            donation.exists = donation.exists and not donation.may_be_deleted(self.now)
        self.handled = {key: at for key, at in self.handled.items() if (self.now - at).days < EVENTS_KEPT_DAYS}

    @rule()
    def compare_with_stripe(self):
        """Run the nightly comparison, after which the site knows everything that Stripe does."""
        call_command("reconcile_donations", days=60, verbosity=0, stdout=Quiet())
        for donation in self.existing():
            donation.copy_everything(self.now)

    # --- Checks after every step

    @invariant()
    def the_database_agrees(self):
        rows = {str(row.pk): row for row in Row.objects.prefetch_related("payments__refunds", "payments__disputes")}
        assert rows.keys() == {key for key, donation in self.donations.items() if donation.exists}
        for key, row in rows.items():
            assert donation_row(row) == donation_model(self.donations[key])
        assert total() == sum(one.net for donation in self.existing() for one in donation.known.payments.values())
        receipts = Message.objects.filter(kind="fundraising.receipt").count()
        assert receipts == sum(len(donation.receipts) for donation in self.donations.values())
        assert set(StripeEvent.objects.values_list("pk", flat=True)) == self.handled.keys()


@pytest.mark.skipif(not FULL, reason="only in make prove")
@pytest.mark.django_db(transaction=True)
def test_a_donations_life_follows_the_model(seed, stripe, settings, monkeypatch, record_property):  # noqa: F811
    settings.DONATION_LIMITS = {"network": (10**9, 600), "site": (10**9, 600)}
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 0)
    DonationLife.account = stripe
    record_property("summary", live(DonationLife, seed))
