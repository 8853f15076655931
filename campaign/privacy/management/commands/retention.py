"""Deleting what we no longer need."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from campaign.privacy.retention import RULES


class Command(BaseCommand):
    """Run daily from cron. Safe to run twice."""

    help = "Delete what has been kept as long as it may be."

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        for rule in RULES:
            self.stdout.write(f"Deleted {rule.apply(now)}: {rule.what} ({rule.days} days).")
