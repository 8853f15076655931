"""Importing postcode files with small irregularities."""

import pytest
from django.core.management import CommandError

from campaign.places.lookup import find
from campaign.places.models import Sector
from tests.factories import make_sector
from tests.places.postcodes.tables import load

HEADER, HAMPSTEAD = ["pcds", "pcon24cd"], ["NW3 7UX", "E14001265"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [([], "is empty"), ([HEADER], "no postcodes in the file"), ([HEADER, ["nonsense", "E14001265"]], "no postcode")],
)
def test_a_file_without_postcodes_never_empties_the_table(constituencies, table, rows, reason):
    make_sector("NW3 7", UX="E14001265")
    with pytest.raises(CommandError, match=reason):
        load(table(*rows), "--skip-bad")

    assert Sector.objects.exists()


@pytest.mark.parametrize(
    "row", [["nw3 7ux", "e14001265"], ["NW3\N{NO-BREAK SPACE}7UX", "E14001265"], ["NW37UX\t", " E14001265 "]]
)
def test_lower_case_and_unusual_spaces_are_read(constituencies, table, row):
    load(table(HEADER, row))

    assert find("NW3 7UX").constituency.pk == "E14001265"


def test_empty_rows_are_ignored(constituencies, table):
    load(table(HEADER, [], HAMPSTEAD, ["", ""], []))

    assert find("NW3 7UX")
