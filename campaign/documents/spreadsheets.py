"""Rows for spreadsheets, streamed as CSV or XLSX. Nothing that people typed is run as a formula."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from types import SimpleNamespace
from typing import IO

from xlsxwriter import Workbook

from campaign.email_addresses.parsing import UNSEEN

CHUNK = 1000
ROWS_A_SHEET = 1_000_000  # Excel allows 1,048,576
# Characters that may begin a formula (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10), including East Asian wide and small
# forms.
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
# They matter at the beginning of a cell, after any space that a spreadsheet may trim, and after a character that starts
# a new cell in some spreadsheets, such as a semicolon where the decimal separator is a comma.
FORMULA = re.compile(rf"[\t\r\n\0]|[\s{UNSEEN}]*[{re.escape(SIGNS)}]")
FORMULA_IN_NEW_CELL = re.compile(rf"""(?<=[;\t\r\n])(?=["'\s{UNSEEN}]*[{re.escape(SIGNS)}])""")


def as_csv(rows: Iterable[Sequence[str | None]]) -> Iterator[str]:
    """Yield the rows as CSV, many lines at a time, with a byte order mark, without which Excel misreads UTF-8.

    An apostrophe is put before text that could begin a formula.
    """
    lines = ["\ufeff"]
    writer = csv.writer(SimpleNamespace(write=lines.append))
    for row in rows:
        writer.writerow([_harmless(text) if text else text for text in row])
        if len(lines) == CHUNK:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def as_xlsx(rows: Iterable[Sequence[str | None]]) -> IO[bytes]:
    """Return the rows as a workbook, in an unnamed file that disappears when closed. Every cell is text."""
    file = TemporaryFile()  # noqa: SIM115 - the caller closes it
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"constant_memory": True} | plain) as book:
        for number, row in enumerate(rows):
            if number % ROWS_A_SHEET == 0:
                sheet = book.add_worksheet()
            sheet.write_row(number % ROWS_A_SHEET, 0, row)
    file.seek(0)
    return file


def _harmless(text: str) -> str:
    """Return the text with an apostrophe before each part that a spreadsheet may read as a formula."""
    return FORMULA_IN_NEW_CELL.sub("'", f"'{text}" if FORMULA.match(text) else text)
