"""Bringing postcodes, MPs and other public data up to date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.db import Lock, try_long_lock
from campaign.public_data.models import DataUpdate
from campaign.public_data.running import run
from campaign.public_data.sources import SOURCES


class Command(BaseCommand):
    """A command for a monthly timer. A second run at the same time does nothing."""

    help = "Fetch the newest postcodes and MPs, check them, and swap them in, or change nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=SOURCES, default="", help="update only this data set")
        parser.add_argument("--waiting", action="store_true", help="run what organisers have asked for, and no more")

    def handle(self, *, only: str, waiting: bool, **options: Any) -> None:
        with try_long_lock(Lock.UPDATE_DATA) as is_ours:
            if not is_ours:
                self.stdout.write("Another update is running.")
                return
            DataUpdate.objects.end_interrupted(timezone.now())
            if not waiting:
                DataUpdate.objects.queue(source=only)
            failed = self.run_waiting(only)
        if failed:
            raise CommandError(f"Not updated: {', '.join(failed)}.")

    def run_waiting(self, only: str) -> list[str]:
        """Run the waiting updates, and return the names of the data sets whose updates failed."""
        updates = DataUpdate.objects.waiting()
        failed = []
        for update in updates.filter(source=only) if only else updates:
            # A service that doesn't answer is asked three times, which may take minutes.
            self.stdout.write(f"{update.label}: fetching …")
            self.stdout.flush()
            run(update)
            self.stdout.write(f"{update}\n{update.report}")
            failed += [update.source] if update.state == DataUpdate.State.FAILED else []
        return failed
