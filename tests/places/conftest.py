"""Fixtures for tests of places."""

import csv

import pytest

from campaign.management.commands.load_campaign import CONTENT, load_constituencies


@pytest.fixture
def constituencies(db):
    """Load the 650 constituencies that come with the campaign."""
    load_constituencies(CONTENT / "places" / "constituencies.csv")


@pytest.fixture
def table(tmp_path):
    """Return a function that writes rows to a CSV file and returns its path."""

    def write(*rows, name="table.csv", encoding="utf-8", folder=tmp_path):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return folder / name

    return write
