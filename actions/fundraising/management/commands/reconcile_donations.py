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

    help = "Compare donations with Stripe, and put right what a lost message left wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="how far back to look (7)")

    def handle(self, *, days: int, **options: Any) -> str:
        if not checks.is_set_up():
            return "No STRIPE_SECRET_KEY is set: there is nothing to compare."
        now = timezone.now()
        try:
            found = reconcile(now - timedelta(days=days), now)
        except client.NoAnswerError as error:
            raise CommandError("Stripe does not answer.") from error
        said = f"Compared {found.compared} donations: {found.differed} differed and were put right, "
        said += f"{found.unknown} payments belong to no donation that we have."
        if found.unanswered:
            raise CommandError(f"{said} {found.unanswered} could not be compared: run this again.")
        return said
