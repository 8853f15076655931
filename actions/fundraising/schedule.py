"""Rows of HMRC's Gift Aid schedule spreadsheet.

Columns, lengths and formats: GOV.UK, "Schedule spreadsheet to claim back tax on Gift Aid donations", as changed on
28 November 2025. What could not be read there is named in docs/organisers.md.
"""

from django.utils import timezone

from actions.fundraising.declarations import MOST_HOUSE, MOST_NAME, MOST_TITLE, Declaration
from actions.fundraising.donations import Payment
from campaign.money import decimal_pounds
from campaign.privacy.names import tidy

MOST_ROWS = 1000
HEADING = (
    "Title",
    "First name",
    "Last name",
    "House name or number",
    "Postcode",
    "Aggregated donations",
    "Sponsored event",
    "Donation date",
    "Amount",
)
# What a spreadsheet takes for the beginning of a formula, or of text; no name or house begins with it.
NOT_FIRST = "=+-@' "


def row(declaration: Declaration, payment: Payment, pence: int) -> tuple[str, ...]:
    """One gift of one donor. What does not apply is left empty, as HMRC asks."""
    return (
        cell(declaration.title, MOST_TITLE),
        cell(declaration.first_name, MOST_NAME),
        cell((declaration.last_name or "").replace("-", " "), MOST_NAME),
        cell(declaration.house, MOST_HOUSE),
        cell((declaration.postcode or "").upper(), len("NW11 7UX")),
        "",
        "",
        timezone.localtime(payment.paid_at).strftime("%d/%m/%y"),
        decimal_pounds(pence),
    )


def cell(text: str | None, most: int) -> str:
    """The text in one line of at most so many characters, harmless to a spreadsheet."""
    return tidy(text or "").lstrip(NOT_FIRST)[:most].strip()
