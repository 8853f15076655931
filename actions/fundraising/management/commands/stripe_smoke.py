"""A walk through a whole payment with a test key, before a site takes real money."""

import time
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.fundraising.models import Donation, Fund, Payment, StripeEvent
from actions.fundraising.stripe import checkout, checks, client
from actions.fundraising.stripe.checkout import DonationChoice

EVERY = 3  # seconds
PAY = """Open this page and pay with the card 4242 4242 4242 4242, any future date, any three digits:

    {url}
"""
REFUND = """Paid, and Stripe's event arrived. Now refund the payment in Stripe's dashboard (test mode):

    https://dashboard.stripe.com/test/payments/{intent}
"""


class Command(BaseCommand):
    """Run by hand, with a test key, while the site is running where Stripe's events reach it."""

    help = "Walk through a test payment and its refund with Stripe, and check that its events reach us."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--minutes", type=float, default=10, help="how long to wait for each step (10)")

    def handle(self, *, minutes: float, **options: Any) -> str:
        fund = Fund.objects.open_for_donations().first()
        if not checks.is_set_up() or fund is None:
            raise CommandError("Set STRIPE_SECRET_KEY to a test key, and add a fund that takes donations in the admin.")
        if "_test_" not in settings.STRIPE_SECRET_KEY:
            raise CommandError("Use a test key only: this must never move real money.")
        self.timeout, self.started_at = minutes * 60, timezone.now()
        donation = self.start(fund)
        self.wait("event for the payment", donation, 300, ["checkout.session.completed"])
        intent = donation.payments.get().intent_id
        self.stdout.write(REFUND.format(intent=intent))
        self.wait("event for the refund", donation, 0, ["refund.created", "charge.refunded"])
        return "All is well: the payment, both events, the total after the refund. The receipt is in the outbox."

    def start(self, fund: Fund) -> Donation:
        """Start a donation of three pounds, and print where to pay it."""
        choice = DonationChoice(amount_pence=300, fee_pence=0, is_monthly=False, public_name="", in_memory_of="")
        try:
            donation = checkout.start_donation(fund, uuid4(), choice, None, timezone.now())
            session = checkout.open_session(donation, timezone.now())
        except client.NoAnswerError as error:
            raise CommandError("Stripe does not answer, or refuses the key: the line above names the error.") from error
        self.stdout.write(PAY.format(url=session.url))
        return donation

    def wait(self, expected: str, donation: Donation, net_pence: int, types: list[str]) -> None:
        """Wait for an event of the given types and a payment with this net amount; raise CommandError on timeout."""
        deadline = time.monotonic() + self.timeout
        events = StripeEvent.objects.filter(type__in=types, received_at__gte=self.started_at)
        while time.monotonic() < deadline:
            if events.exists() and donation.payments.filter(status=Payment.Status.PAID, net_pence=net_pence).exists():
                return
            time.sleep(EVERY)
        others = "Other events did arrive." if StripeEvent.objects.exists() else "No event has ever arrived."
        hint = "Look at the endpoint in Stripe's dashboard, and at STRIPE_WEBHOOK_SECRETS."
        raise CommandError(f"There was no {expected}. {others} {hint}")
