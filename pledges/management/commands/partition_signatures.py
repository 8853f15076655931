"""The command that divides the table of signatures into partitions (docs/adr/0027-partitions.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pledges.models.signatures.partitions import about, partition

MAX_PARTITIONS = 256
ROWS_A_MINUTE = 700_000
GIGABYTE = 1_000_000_000
PLAN = """\
{rows:,} signatures, {size:.1f} GB with their indexes, become {count} partitions.
This takes about {minutes} minutes on a small machine. Until it is done, people can read
everything, but not sign, confirm or withdraw: they are asked to try again later.
It needs {size:.1f} GB of free disk for the new table, and as much again for the database's log,
or more where the log is archived. Make a backup first: there is no command that goes back.
"""


class Command(BaseCommand):
    """A command to run once, as the tables' owner. If it fails or is stopped, everything is as it was."""

    help = "Divide the table of signatures into partitions. Worth it from some 20 million signatures on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partitions", type=int, required=True, help="how many, such as 8")
        parser.add_argument("--noinput", action="store_false", dest="interactive", help="don't ask before it begins")

    def handle(self, *, partitions: int, interactive: bool, **options: Any) -> str:
        check(partitions)
        self.stdout.write(plan(partitions))
        if interactive and input("Begin? Type yes: ") != "yes":
            raise CommandError("Nothing was changed.")
        partition(partitions, self.stdout.write)
        return f"The table has {partitions} partitions."


def check(count: int) -> None:
    """Raise CommandError if the table can't be divided into `count` partitions by this role."""
    table = about()
    if not 2 <= count <= MAX_PARTITIONS:
        raise CommandError(f"Choose between 2 and {MAX_PARTITIONS} partitions.")
    if table.is_partitioned:
        raise CommandError("The table is partitioned already.")
    if not table.is_ours:
        raise CommandError("Run this as the role that owns the tables: hub manage partition_signatures")


def plan(count: int) -> str:
    """Return what it will take, for somebody who has to decide."""
    table = about()
    minutes = 1 + table.rows // ROWS_A_MINUTE
    return PLAN.format(rows=table.rows, size=table.size / GIGABYTE, count=count, minutes=minutes)
