"""The nightly comparison with Stripe."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.fundraising.stripe import checks, client
from actions.fundraising.stripe.reconciliation import reconcile


class Command(BaseCommand):
    """Run nightly from cron. Safe to run twice."""

    help = "Compare donations with Stripe, and correct what a lost event left wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="how far back to look (7)")

    def handle(self, *, days: int, **options: Any) -> str:
        if not checks.is_set_up():
            return "No STRIPE_SECRET_KEY is set: there is nothing to compare."
        now = timezone.now()
        try:
            result = reconcile(now - timedelta(days=days), now)
        except client.NoAnswerError as error:
            raise CommandError("Stripe does not answer.") from error
        report = f"Compared {result.compared} donations: {result.differed} differed and were corrected, "
        report += f"{result.unknown} payments are for unknown donations."
        if not result.has_fees:
            report += " Stripe's fees and payouts could not be read: let the key read Balance Transactions and Payouts."
        if result.unanswered:
            raise CommandError(f"{report} {result.unanswered} could not be compared: run this again.")
        return report
