"""The command `check_audit_log`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.audit.chain import newest_link, problems
from campaign.audit.models import AuditLink


class Command(BaseCommand):
    """A command that compares every entry with the chain of hashes, and looks for a hash noted earlier."""

    help = "Check that no entry of the audit log has been changed or removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hash", help="the hash in an earlier daily list of tasks; the chain must contain it")

    def handle(self, **options: Any) -> None:
        found = list(problems(timezone.now()))
        if options["hash"] and not _has(options["hash"]):
            found.append("The chain does not contain this hash: the log has been rewritten since.")
        if found:
            raise CommandError("\n".join(found))
        newest = newest_link()
        ends = f" The newest hash, of entry {newest.entry}, is {bytes(newest.hash).hex()}." if newest else ""
        self.stdout.write(f"Nothing has been changed in {AuditLink.objects.count()} entries.{ends}")


def _has(text: str) -> bool:
    """Return whether the chain has this hash, given in hexadecimal digits."""
    try:
        return AuditLink.objects.filter(hash=bytes.fromhex(text)).exists()
    except ValueError:
        return False
