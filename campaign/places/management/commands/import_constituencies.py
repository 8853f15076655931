"""Loading the 650 constituencies."""

from pathlib import Path
from typing import Any

from campaign.places import constituency_files
from campaign.places.importing import ImportCommand, Loaded, counted


class Command(ImportCommand):
    """Safe to run again: the list replaces the one before."""

    help = "Load the 650 constituencies from a CSV file of names and codes, or from JSON."
    dataset = "constituencies"
    title = "Westminster parliamentary constituencies"
    licence = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"

    def load(self, path: Path, **options: Any) -> Loaded:
        found = list(counted(constituency_files.read(path), self.dataset))
        constituency_files.store(found)
        return Loaded(len(found), [f"{len(found)} constituencies."])
