"""A small model of donations: what Stripe holds, and what the site should know after each event.

The site doesn't trust what an event says. It uses the event as a signal to copy the current state from Stripe.
"""

import copy
from dataclasses import dataclass, field
from datetime import timedelta

STATUSES = {"succeeded": "paid", "processing": "pending"}
DEDUCTED = {"pending", "requires_action", "succeeded", "needs_response", "under_review", "lost"}
FINAL = {"paid", "refunded", "disputed", "expired"}
ENDED = {"canceled", "incomplete_expired", "unpaid", ""}
KEPT_UNPAID = timedelta(days=30)


@dataclass
class Payment:
    """One charge. `refunds` and `disputes` hold amounts and statuses, by Stripe's ID."""

    amount: int
    state: str
    invoice: str = ""
    refunds: dict = field(default_factory=dict)
    disputes: dict = field(default_factory=dict)

    @property
    def status(self):
        return STATUSES.get(self.state, "failed")

    @property
    def reversals(self):
        return self.refunds | self.disputes

    @property
    def net(self):
        taken = sum(amount for amount, status in self.reversals.values() if status in DEDUCTED)
        return max(0, self.amount - taken) if self.status == "paid" else 0


@dataclass
class State:
    """The state of a donation, at Stripe or on the site."""

    session: str = "open"
    subscription: str = ""
    payments: dict = field(default_factory=dict)


class Donation:
    """One donation: its state at Stripe, its state on the site, and the receipts queued for it."""

    def __init__(self, now, intent_key):
        self.made_at, self.first = now, intent_key
        self.truth, self.known = State(), State()
        self.receipts, self.is_donor_known, self.checked_at = set(), False, None
        self.exists = True

    def copy_session(self, now):
        """Copy the session and the first payment."""
        self.known.session, self.checked_at = self.truth.session, now
        self.is_donor_known = self.is_donor_known or self.truth.session == "complete"
        self.copy_subscription()
        if self.first in self.truth.payments:
            self.copy_payment(self.first)

    def copy_subscription(self):
        self.known.subscription = self.truth.subscription

    def copy_payment(self, key):
        """Copy one payment with its refunds and disputes. Queue a receipt, once, if the donor's address is known."""
        payment = self.known.payments[key] = copy.deepcopy(self.truth.payments[key])
        if payment.status == "paid" and self.is_donor_known:
            self.receipts.add(key)

    def copy_everything(self, now):
        self.copy_session(now)
        if self.known.subscription:
            for key in self.truth.payments:
                self.copy_payment(key)

    @property
    def outcome(self):
        """Return the outcome that the donor sees."""
        payments = self.known.payments.values()
        statuses = {one.status for one in payments}
        if "paid" in statuses and not sum(one.net for one in payments):
            is_disputed = any(status in DEDUCTED for one in payments for _amount, status in one.disputes.values())
            return "disputed" if is_disputed else "refunded"
        for status in ("paid", "pending"):
            if status in statuses:
                return status
        if self.known.session == "expired":
            return "expired"
        return "failed" if statuses else "pending" if self.known.session == "complete" else "open"

    def may_be_deleted(self, now):
        """Return whether the site may delete it: it is old, was never paid, and can no longer be paid."""
        is_unpaid = self.known.session != "complete" and not self.known.payments
        return is_unpaid and self.known.subscription in ENDED and self.made_at < now - KEPT_UNPAID
