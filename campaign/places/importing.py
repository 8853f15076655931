"""The base of every import of public data: all or nothing, one at a time, with a record of its source."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from campaign.db import Lock, try_lock
from campaign.places.models import Edition
from campaign.places.tables import RefusedError, sha256

Row = TypeVar("Row")
POSTCODES_LICENCE = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0\n"
    "Contains OS data © Crown copyright and database right\n"
    "Contains Royal Mail data © Royal Mail copyright and database right"
)


@dataclass
class Loaded:
    """The number of rows that an import loaded, and the lines of its report."""

    rows: int
    report: list[str] = field(default_factory=list)


def counted(rows: Iterable[Row], dataset: str) -> Iterable[Row]:
    """Return the same rows. On a terminal, a progress bar assumes as many as in the last edition."""
    last = Edition.objects.filter(pk=dataset).values_list("rows", flat=True).first()
    return tqdm(rows, total=last, unit=" rows", unit_scale=True, disable=not sys.stderr.isatty())


class ImportCommand(BaseCommand):
    """A command that loads a data set and records its source. A subclass says how (`load`) and which (`dataset`)."""

    dataset = ""
    title = ""
    licence = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the download: a file, a folder or a .zip")
        parser.add_argument("--title", default=self.title, help="such as “ONS Postcode Directory”")
        parser.add_argument("--edition", default="", help="such as “November 2025”")
        parser.add_argument("--licence", default=self.licence, help="the line that the publisher asks users to show")
        parser.add_argument("--source-url", default="", help="where it was downloaded from")
        parser.add_argument("--dry-run", action="store_true", help="check and report; change nothing")

    def load(self, path: Path, **options: Any) -> Loaded:
        """Read and store the data within the transaction. Raises RefusedError for data that must not be loaded."""
        raise NotImplementedError

    def handle(self, **options: Any) -> str:
        path = options.pop("file")
        if not path.exists():
            raise CommandError(f"{path} does not exist")
        try:
            with transaction.atomic():
                loaded = run(self, path, options)
                transaction.set_rollback(options["dry_run"])
        except RefusedError as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        end = "Nothing was changed: this was a dry run." if options["dry_run"] else "Loaded."
        return "\n".join([*loaded.report, end])


def run(command: ImportCommand, path: Path, options: dict[str, Any]) -> Loaded:
    """Run one import in the caller's transaction. Raises RefusedError, for instance if another import is running."""
    if not try_lock(Lock.IMPORT):
        raise RefusedError("Another import is running: try again when it has ended.")
    fingerprint = sha256(path)
    loaded = command.load(path, **options)
    Edition.objects.update_or_create(
        dataset=command.dataset,
        defaults={
            "title": options["title"],
            "edition": options["edition"],
            "licence": options["licence"],
            "source_url": options["source_url"],
            "file_name": path.name,
            "sha256": fingerprint,
            "rows": loaded.rows,
        },
    )
    return loaded
