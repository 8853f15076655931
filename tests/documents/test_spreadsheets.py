"""Spreadsheets never run text that people typed as a formula."""

import pytest

from campaign.documents.spreadsheets import as_csv, as_xlsx
from tests.pledges.admin.test_exports import read_csv, read_xlsx

FORMULAS = [
    *("=SUM(1)", "+1", "-1", "@SUM(1)", "\uff1dSUM(1)", "\uff0b1", "\uff0d1", "\uff20SUM(1)"),
    *("\ufe66SUM(1)", "\ufe621", "\ufe631", "\ufe6bSUM(1)", "\u22121"),
]
# Characters that a spreadsheet may trim or a reader can't see: spaces, controls, direction marks, fillers, a BOM.
BEFORE = [
    "",
    " ",
    "   ",
    "\t",
    "\r",
    "\n",
    "\0",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\u3164",
    "\u2800 \u00ad",
]


@pytest.mark.parametrize("before", BEFORE, ids=ascii)
def test_a_formula_becomes_text_in_csv_whatever_precedes_it(before):
    rows = [[before + formula, f"Ruth;{before}{formula}"] for formula in FORMULAS]

    for first, second in read_csv("".join(as_csv(rows))):
        assert first.startswith("'")
        assert second.startswith("Ruth;'")


@pytest.mark.parametrize("before", BEFORE, ids=ascii)
def test_a_formula_is_kept_as_text_in_a_workbook(before):
    rows = [[before + formula] for formula in FORMULAS]

    with as_xlsx(rows) as file:
        assert read_xlsx(file) == rows


def test_other_text_is_left_alone():
    rows = [["Ruth", " Ruth", "Ruth = Eve", "Ruth-Eve", "\u200bRuth", "(+44) 20", "12.50", "2026-11-26"]]

    assert read_csv("".join(as_csv(rows))) == rows
