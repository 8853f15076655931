"""A donation's life: Stripe's events twice, late and in any order; our tables, total and receipts follow a model."""

import re

import pytest
from django.core.management import call_command
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from actions.fundraising.models import Donation as Row
from actions.fundraising.models import DonationSettings, StripeEvent
from campaign.mail.models import Message
from tests.actions.factories import FundFactory
from tests.actions.fundraising.conftest import (
    ANSWERS,
    PAID,
    PORTAL,
    send_event,
    stripe,  # noqa: F401 - a fixture
    total,
)
from tests.factories import SiteSettingsFactory
from tests.prove.lives.donors import FINAL, Donation, Payment
from tests.prove.lives.machine import Life, Quiet, live
from tests.sizes import FULL

MAX_DONATIONS = 4
FRESH, EVENTS_KEPT_DAYS = 5, 60  # seconds; days
UNDECIDED = ("pending", "needs_response", "under_review")
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


class DonationLife(Life):
    """Donors give, their banks and we change our minds, and Stripe tells us as it likes."""

    account = None  # the stand-in for Stripe

    def __init__(self):
        super().__init__()
        self.account.faults.clear()
        self.account.objects.clear()
        SiteSettingsFactory(contact_email="office@example.org")
        DonationSettings(portal_url=PORTAL).save()
        FundFactory(payee="Friends of the Campaign")
        self.donations, self.events, self.handled = {}, [], {}

    @initialize(often=st.sampled_from(["once", "monthly"]), state=st.sampled_from(["succeeded", "processing"]))
    def begin_with_a_donation_that_is_paid(self, often, state):
        self.donate(often, twice=False)
        self.pay(0, state)

    # --- What donors and banks do

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

    # --- What reaches us

    @precondition(lambda life: life.events)
    @rule(which=WHICH, is_oldest=st.booleans(), fails=st.sampled_from([False, False, False, True]))
    def deliver(self, which, is_oldest, fails):
        """Deliver any event, perhaps again, perhaps while Stripe doesn't answer our questions."""
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
        """Open the page to which donors return; it asks Stripe unless the outcome is final or was checked just now."""
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
        """Run the nightly comparison: whatever was missed, we now know what Stripe knows."""
        call_command("reconcile_donations", days=60, verbosity=0, stdout=Quiet())
        for donation in self.existing():
            donation.copy_everything(self.now)

    # --- What must hold after each step

    @invariant()
    def the_database_agrees(self):
        rows = {str(row.pk): row for row in Row.objects.prefetch_related("payments__refunds", "payments__disputes")}
        assert rows.keys() == {key for key, donation in self.donations.items() if donation.exists}
        for key, row in rows.items():
            assert stored(row) == expected(self.donations[key])
        assert total() == sum(one.net for donation in self.existing() for one in donation.known.payments.values())
        receipts = Message.objects.filter(kind="fundraising.receipt").count()
        assert receipts == sum(len(donation.receipts) for donation in self.donations.values())
        assert set(StripeEvent.objects.values_list("pk", flat=True)) == self.handled.keys()

    # --- Parts of the steps

    def existing(self):
        return [donation for donation in self.donations.values() if donation.exists]

    def chosen(self, which, *, is_open=False):
        """Return a donation and its session, often the newest; if `is_open`, one that can still be paid."""
        keys = [key for key, one in self.donations.items() if one.truth.session == "open" or not is_open]
        key = keys[-1 - which % len(keys)]
        return self.donations[key], self.chosen_session(self.donations[key])

    def chosen_session(self, donation):
        key = next(key for key, one in self.donations.items() if one is donation)
        (session,) = self.account.all("checkout.session", client_reference_id=key)
        return session

    def payment(self, which, status):
        """Return a donation, the ID of one of its payments with this status at Stripe, and the payment, or None."""
        every = ((one, key, paid) for one in self.donations.values() for key, paid in one.truth.payments.items())
        found = [entry for entry in every if entry[2].status == status]
        return found[-1 - which % len(found)] if found else None

    def subscribed(self, which):
        """Return a donation with a subscription that isn't cancelled, and the subscription, or None."""
        found = [one for one in self.donations.values() if one.truth.subscription not in ("", "canceled")]
        if not found:
            return None
        donation = found[which % len(found)]
        return donation, self.account.objects[self.chosen_session(donation)["subscription"]]

    def decide(self, which, sort, status, kind):
        """Change the status of a refund or a dispute that is open."""
        found = self.undecided(sort)
        donation, key, payment, made = found[which % len(found)]
        self.saw(f"{sort} {status}")
        self.account.objects[made]["status"] = status
        getattr(payment, sort)[made] = (getattr(payment, sort)[made][0], status)
        self.tell(kind, self.account.objects[made], donation, key)

    def undecided(self, sort):
        """Return each refund or dispute that is open, as its donation, the payment's ID, the payment and its own ID."""
        every = [(one, key, paid) for one in self.donations.values() for key, paid in one.truth.payments.items()]
        made = [(*entry, key, status) for entry in every for key, (_pence, status) in getattr(entry[2], sort).items()]
        return [tuple(entry) for *entry, status in made if status in UNDECIDED]

    def tell(self, kind, about, donation, scope):
        """Have Stripe make an event; it is delivered later, or never."""
        self.events.append((self.account.event(kind, about), donation, scope))

    def handle(self, event, donation, scope):
        """Expect what an event makes the site copy: `scope` is "session", "subscription", or the ID of a payment."""
        self.handled[event["id"]] = self.now
        if not donation.exists:
            return
        if scope == "session":
            donation.copy_session(self.now)
        elif scope == "subscription":
            donation.copy_subscription()
        else:
            if event["type"].startswith("invoice."):
                donation.copy_subscription()
            donation.copy_payment(scope)


def stored(row):
    """Return what matters of a donation in the database."""
    payments = {
        one.intent_id: (
            *(one.status, one.amount_pence, one.net_pence),
            {refund.pk: (refund.amount_pence, refund.status) for refund in one.refunds.all()},
            {dispute.pk: (dispute.amount_pence, dispute.status) for dispute in one.disputes.all()},
        )
        for one in row.payments.all()
    }
    return row.session_status, row.subscription_status, row.donor_email is not None, payments, row.outcome()


def expected(donation):
    known = donation.known
    payments = {
        key: (one.status, one.amount, one.net, one.refunds, one.disputes) for key, one in known.payments.items()
    }
    return known.session, known.subscription, donation.is_donor_known, payments, donation.outcome


@pytest.mark.skipif(not FULL, reason="only in make prove")
@pytest.mark.django_db(transaction=True)
def test_a_donations_life_follows_the_model(seed, stripe, settings, monkeypatch, record_property):  # noqa: F811
    settings.DONATION_LIMITS = {"network": (10**9, 600), "site": (10**9, 600)}
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 0)
    DonationLife.account = stripe
    record_property("summary", live(DonationLife, seed))
