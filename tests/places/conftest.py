"""What tests of places start from."""

import csv

import pytest

from campaign.management.commands.load_campaign import CONTENT, load_constituencies


@pytest.fixture
def constituencies(db):
    """The 650 that come with the campaign."""
    load_constituencies(CONTENT / "places" / "constituencies.csv")


@pytest.fixture
def table(tmp_path):
    """Write rows as a CSV file; give its path."""

    def write(*rows, name="table.csv", encoding="utf-8", folder=tmp_path):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return folder / name

    return write
