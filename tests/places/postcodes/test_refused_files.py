"""Postcode files that `import_postcodes` refuses, and the reasons it gives."""

import pytest
from django.core.management import CommandError, call_command

from campaign.places.lookup import find
from tests.places.postcodes.tables import BELFAST, ENGLISH_BELFAST, HAMPSTEAD, NEW, load


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([NEW, [*HAMPSTEAD[:7], "E14000727", "51"]], "boundaries of 2010"),
        ([NEW, [*HAMPSTEAD[:7], "E14009999", "51"]], r"unknown, such as E14009999 \(line 2 of table.csv\)"),
        ([NEW, ["", "", "nonsense", "", "", "", "", "E14001265", ""]], "line 2 of table.csv: no postcode"),
        ([NEW, ENGLISH_BELFAST], "line 2 of table.csv: BT16 1AW cannot be in E14001457"),
        ([["BT16 1AW", "E14001457"]], "line 1 of table.csv: BT16 1AW cannot be in E14001457"),
        ([["EH1 1AA", "W07000112"]], "cannot be in W07000112"),
        ([["JE2 3AB", "E14001265"]], "cannot be in E14001265"),
        (
            [NEW, HAMPSTEAD, [*HAMPSTEAD[:7], "E14001266", "51"]],
            "different answers for NW3 7UX: line 2 of .*, line 3 of",
        ),
        ([["a", "b", "c"], ["1", "2", "3"]], "table.csv: There is no column of postcodes"),
        ([["a\0b"]], "NUL"),
        ([["x" * 200_000]], "longer than any table has"),
        ([NEW, *([*HAMPSTEAD[:7], f"E14{n:06}", "51"] for n in range(64))], "line 65: .*too many constituencies"),
    ],
)
def test_an_invalid_file_is_refused_with_the_reason(constituencies, table, rows, reason):
    load(table(NEW, BELFAST))
    with pytest.raises(CommandError, match=reason):
        load(table(*rows))

    assert find("BT1 1AA")


def test_conflicting_rows_are_reported_by_file_and_line(constituencies, table, tmp_path):
    folder = tmp_path / "ONSPD" / "Data" / "multi_csv"
    table(NEW, BELFAST, HAMPSTEAD, folder=folder, name="a.csv")
    table(NEW, [*HAMPSTEAD[:4], "202001", *HAMPSTEAD[5:]], folder=folder, name="b.csv")

    with pytest.raises(CommandError, match=r"line 3 of Data/multi_csv/a.csv, line 2 of Data/multi_csv/b.csv"):
        load(tmp_path / "ONSPD")


@pytest.mark.parametrize("header", [NEW])
def test_a_truncated_file_is_refused(constituencies, table, header):
    with pytest.raises(CommandError, match="649 of 650 constituencies have no postcode"):
        call_command("import_postcodes", table(header, HAMPSTEAD))


def test_postcodes_cannot_be_imported_before_constituencies(db, table):
    with pytest.raises(CommandError, match="import_constituencies"):
        load(table(NEW, HAMPSTEAD))
