"""Deleting what we no longer need."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.monitoring.log_lines import Safe
from campaign.privacy.retention import RULES

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """A command to run daily. It is safe to run twice. A rule that fails doesn't stop the others."""

    help = "Delete data that has been kept for as long as it may be."

    def handle(self, **options: Any) -> None:
        now, failed = timezone.now(), 0
        for rule in RULES:
            try:
                self.stdout.write(f"Deleted {rule.apply(now)}: {rule.what} ({rule.days} days).")
            except Exception:
                log.exception("A rule failed: %s", Safe(rule.what))
                failed += 1
        if failed:
            raise CommandError(f"{failed} of {len(RULES)} rules failed; see the log. The others were applied.")
