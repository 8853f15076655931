"""Loading postcodes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from campaign.places import postcode_files
from campaign.places.importing import POSTCODES_LICENCE, ImportCommand, Loaded, counted
from campaign.places.packing import ConflictingUnitsError
from campaign.places.tables import RefusedError, rows


class Command(ImportCommand):
    """A command that is safe to run again: a new edition replaces the whole of the old one at once."""

    help = "Load postcodes and their constituencies from the ONSPD, the NSPL, or a table of two columns."
    dataset = "postcodes"
    title = "Postcodes and their constituencies"
    licence = POSTCODES_LICENCE

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--partial", action="store_true", help="allow a file that is not a complete edition")
        parser.add_argument("--skip-bad", action="store_true", help="leave out unusable rows")

    def load(self, path: Path, **options: Any) -> Loaded:
        found = postcode_files.read(counted(rows(path), self.dataset))
        postcode_files.check(found, partial=options["partial"], skip_bad=options["skip_bad"])
        try:
            packed = postcode_files.packed(found)
        except ConflictingUnitsError as error:
            where = ", ".join(postcode_files.lines_of(rows(path), str(error)))
            raise RefusedError(f"The file gives different answers for {error}: {where}.") from error
        postcode_files.store(packed)
        report = [
            f"{found.rows:,} postcodes in {len(found.sectors):,} sectors.",
            f"{found.terminated:,} of them are no longer in use; {found.nowhere:,} have no constituency in the file, "
            "so visitors choose their own.",
            f"{found.bad:,} unusable rows were left out.",
            f"{postcode_files.store_regions(found)} constituencies were given their region.",
        ]
        return Loaded(found.rows, report)
