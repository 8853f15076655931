"""Helpers for the steps of a donation's life: choosing a payment, and making Stripe's events."""

from actions.fundraising.models import DonationSettings
from tests.actions.factories import FundFactory
from tests.actions.fundraising.conftest import PORTAL
from tests.factories import SiteSettingsFactory
from tests.prove.lives.machine import Life

UNDECIDED = ("pending", "needs_response", "under_review")


class DonationSteps(Life):
    """Set up one fund, and a stand-in for Stripe."""

    account = None  # the stand-in for Stripe

    def __init__(self):
        super().__init__()
        self.account.faults.clear()
        self.account.objects.clear()
        SiteSettingsFactory(contact_email="office@example.org")
        DonationSettings(portal_url=PORTAL).save()
        FundFactory(payee="Friends of the Campaign")
        self.donations, self.events, self.handled = {}, [], {}

    def existing(self):
        return [donation for donation in self.donations.values() if donation.exists]

    def chosen(self, which, *, is_open=False):
        """Return a donation, usually the newest, and its session. If `is_open`, return one that can still be paid."""
        keys = [key for key, one in self.donations.items() if one.truth.session == "open" or not is_open]
        key = keys[-1 - which % len(keys)]
        return self.donations[key], self.chosen_session(self.donations[key])

    def chosen_session(self, donation):
        key = next(key for key, one in self.donations.items() if one is donation)
        (session,) = self.account.all("checkout.session", client_reference_id=key)
        return session

    def payment(self, which, status):
        """Return a donation, and the ID and model of a payment that has this status at Stripe; or None."""
        every = ((one, key, paid) for one in self.donations.values() for key, paid in one.truth.payments.items())
        found = [entry for entry in every if entry[2].status == status]
        return found[-1 - which % len(found)] if found else None

    def subscribed(self, which):
        """Return a donation and its subscription, if one hasn't been cancelled; or None."""
        found = [one for one in self.donations.values() if one.truth.subscription not in ("", "canceled")]
        if not found:
            return None
        donation = found[which % len(found)]
        return donation, self.account.objects[self.chosen_session(donation)["subscription"]]

    def decide(self, which, sort, status, kind):
        """Change the status of an open refund or dispute."""
        found = self.undecided(sort)
        donation, key, payment, made = found[which % len(found)]
        self.saw(f"{sort} {status}")
        self.account.objects[made]["status"] = status
        getattr(payment, sort)[made] = (getattr(payment, sort)[made][0], status)
        self.tell(kind, self.account.objects[made], donation, key)

    def undecided(self, sort):
        """Return the open refunds or disputes, each as (donation, payment ID, payment, its own ID)."""
        every = [(one, key, paid) for one in self.donations.values() for key, paid in one.truth.payments.items()]
        made = [(*entry, key, status) for entry in every for key, (_pence, status) in getattr(entry[2], sort).items()]
        return [tuple(entry) for *entry, status in made if status in UNDECIDED]

    def tell(self, kind, about, donation, scope):
        """Make an event at Stripe, to be delivered later or not at all."""
        self.events.append((self.account.event(kind, about), donation, scope))

    def handle(self, event, donation, scope):
        """Update the model for an event. `scope` is "session", "subscription" or a payment's ID."""
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
