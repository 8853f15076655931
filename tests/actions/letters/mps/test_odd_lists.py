"""Importing lists of MPs with small irregularities."""

import pytest
from django.core.management import CommandError

from actions.letters.recipients import Recipient
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD
from tests.actions.letters.mps.lists import DFE, DOE, ROE, load


@pytest.mark.parametrize(
    "words", ["Vacant (by-election pending)", "Seat currently vacant", "VACANCY", "Vacant since the death of Ms Doe"]
)
def test_a_seat_described_as_vacant_in_any_words_has_no_member(commons, table, words):
    load(table(DFE, DOE, ["Aldershot", ALDERSHOT, "", "", words, "", ""]))

    assert Recipient.objects.get().area_code == HAMPSTEAD


@pytest.mark.parametrize("name", [HAMPSTEAD, "doe@example.org", "https://example.org/doe"])
def test_a_list_with_swapped_columns_is_refused(commons, table, name):
    with pytest.raises(CommandError, match="there is no usable name"):
        load(table(DFE, [*DOE[:4], name, *DOE[5:]]))


def test_a_member_listed_twice_keeps_the_details_from_both_rows(commons, table):
    without = [*DOE[:4], "Jane Doe", "", ""]
    other = [*DOE[:6], "other@example.org"]
    report = load(table(DFE, without, DOE, other))

    assert "(1): Jane Doe is listed twice: the second email was left out." in report
    assert Recipient.objects.get().email == "doe@example.org"


def test_an_address_written_as_a_mailto_link_is_read(commons, table):
    load(table(DFE, [*DOE[:6], "mailto:doe@example.org"]))

    assert Recipient.objects.get().email == "doe@example.org"


@pytest.mark.parametrize("cell", ["mailto:x@y", "doe@example.org; office@example.org", "doe [at] example.org"])
def test_a_cell_that_is_not_one_address_is_left_out_and_reported(commons, table, cell):
    assert "unusable email of Ms Jane Doe" in load(table(DFE, [*DOE[:6], cell]))
    assert Recipient.objects.get().email == ""


def test_a_list_from_excel_with_semicolons_and_headings_in_words_is_imported(commons, tmp_path):
    text = f"\ufeffPCON24CD;Display as;E-mail address\n{HAMPSTEAD.lower()};Ms Jane Doe;doe@example.org\n"
    (tmp_path / "mps.csv").write_text(text)
    load(tmp_path / "mps.csv")

    mp = Recipient.objects.get()
    assert (mp.display_name, mp.area_code, mp.email) == ("Ms Jane Doe", HAMPSTEAD, "doe@example.org")


def test_several_tables_at_once_are_refused(commons, table, tmp_path):
    table(DFE, DOE)
    table(DFE, ROE, name="others.csv")
    with pytest.raises(CommandError, match=r"several tables, such as mps\.csv and others\.csv"):
        load(tmp_path)
