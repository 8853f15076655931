"""The command `check_audit_log`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import capfirst

from campaign.append_only.chain import CHAINS, Chain


class Command(BaseCommand):
    """A command that compares every entry with its chain of hashes, and looks for a hash from an earlier message."""

    help = "Check that no entry of the audit log or of any other append-only table has been changed or removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hash", help="the hash in an earlier daily list of tasks; one of the chains must contain it"
        )

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        found = [f"{capfirst(chain.name)}: {problem}" for chain in CHAINS for problem in chain.problems(now)]
        if options["hash"] and not any(chain.has(options["hash"]) for chain in CHAINS):
            found.append("No chain contains this hash: something has been rewritten since.")
        if found:
            raise CommandError("\n".join(found))
        for chain in CHAINS:
            self.stdout.write(
                f"{capfirst(chain.name)}: nothing has been changed in {chain.length()} entries.{_end(chain)}"
            )


def _end(chain: Chain) -> str:
    """Return a sentence with the newest hash, or "" for an empty chain."""
    newest = chain.newest()
    return f" The newest hash, of entry {newest.entry}, is {bytes(newest.hash).hex()}." if newest else ""
