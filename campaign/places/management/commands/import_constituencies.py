"""Loading the 650 constituencies."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from campaign.places import constituency_files
from campaign.places.importing import ImportCommand, Loaded, counted


class Command(ImportCommand):
    """A command that is safe to run again: the new list replaces the old one."""

    help = "Load the 650 constituencies from a CSV file of names and codes, or from JSON."
    dataset = "constituencies"
    title = "Westminster parliamentary constituencies"
    licence = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--regions", type=Path, help="a look-up of constituencies and regions of England, CSV")

    def load(self, path: Path, *, regions: Path | None = None, **options: Any) -> Loaded:
        found = list(counted(constituency_files.read(path), self.dataset))
        report = [f"{len(found)} constituencies."]
        if regions:
            report.append(f"{constituency_files.add_regions(found, regions)} of them with their region.")
        constituency_files.store(found)
        return Loaded(len(found), report)
