"""A walk through a real payment with a test key, before a site takes real money."""

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
PAY = """Open this page and pay with the card 4242 4242 4242 4242, any date to come, any three digits:

    {url}
"""
REFUND = """Paid, and Stripe's message arrived. Now give the money back in Stripe's dashboard (test mode):

    https://dashboard.stripe.com/test/payments/{intent}
"""


class Command(BaseCommand):
    """For a person at a keyboard, with a test key, and the site running where Stripe's messages reach it."""

    help = "Walk through a test payment and its refund with Stripe, and check what reaches us."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--minutes", type=float, default=10, help="how long to wait for each step (10)")

    def handle(self, *, minutes: float, **options: Any) -> str:
        fund = Fund.objects.open_for_donations().first()
        if not checks.is_set_up() or fund is None:
            raise CommandError("Set STRIPE_SECRET_KEY to a test key, and make a fund that takes gifts in the admin.")
        if "_test_" not in settings.STRIPE_SECRET_KEY:
            raise CommandError("This takes a test key only: it must never move real money.")
        self.seconds, self.began = minutes * 60, timezone.now()
        donation = self.begin(fund)
        self.wait("a message that it is paid", donation, 300, ["checkout.session.completed"])
        intent = donation.payments.get().intent_id
        self.stdout.write(REFUND.format(intent=intent))
        self.wait("a message that it was given back", donation, 0, ["refund.created", "charge.refunded"])
        return "All is well: the payment, both messages, the total after the refund. The receipt is in the outbox."

    def begin(self, fund: Fund) -> Donation:
        """Make a donation of three pounds, and say where to pay it."""
        gift = DonationChoice(amount_pence=300, fee_pence=0, is_monthly=False, public_name="", in_memory_of="")
        try:
            donation = checkout.start_donation(fund, uuid4(), gift, None, timezone.now())
            session = checkout.open_session(donation)
        except client.NoAnswerError as error:
            raise CommandError("Stripe does not answer, or refuses the key: the line above names the error.") from error
        self.stdout.write(PAY.format(url=session.url))
        return donation

    def wait(self, what: str, donation: Donation, left: int, types: list[str]) -> None:
        """Wait for a message of these types, and until our books say that so many pence are left."""
        until = time.monotonic() + self.seconds
        heard = StripeEvent.objects.filter(type__in=types, received_at__gte=self.began)
        while time.monotonic() < until:
            if heard.exists() and donation.payments.filter(status=Payment.Status.PAID, net_pence=left).exists():
                return
            time.sleep(EVERY)
        others = "Others did come." if StripeEvent.objects.exists() else "None has ever come."
        hint = "Look at the endpoint in Stripe's dashboard, and at STRIPE_WEBHOOK_SECRETS."
        raise CommandError(f"There was not {what}. {others} {hint}")
