"""Rows of HMRC's Gift Aid schedule spreadsheet.

Columns, lengths and formats: GOV.UK, "Schedule spreadsheet to claim back tax on Gift Aid donations", as changed on
28 November 2025. For what could not be checked there see docs/organisers/gift-aid-checks.md.
"""

from collections.abc import Iterator

from django.utils import timezone

from actions.fundraising.models import Claim, Declaration, Payment
from actions.fundraising.models.claims import MAX_PAYMENTS
from actions.fundraising.models.declarations import MAX_HOUSE, MAX_NAME, MAX_TITLE
from campaign.forms.names import tidy
from campaign.money import decimal_pounds
from campaign.spreadsheets import SIGNS

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
# Characters with which spreadsheets begin a formula or a text. No name and no house begins with one.
NOT_FIRST = SIGNS + "' "


def rows(claim: Claim) -> Iterator[tuple[str, ...]]:
    """Yield the heading and the rows of a claim's schedule, without payments whose declaration has been erased."""
    yield HEADING
    lines = claim.lines.select_related("payment", "declaration").exclude(declaration__last_name=None)
    for line in lines.order_by("payment__paid_at", "payment_id")[:MAX_PAYMENTS]:
        yield row(line.declaration, line.payment, line.claimed_pence)


def row(declaration: Declaration, payment: Payment, pence: int) -> tuple[str, ...]:
    """Return the row for one donation. Columns that don't apply are empty, as HMRC asks."""
    return (
        cell(declaration.title, MAX_TITLE),
        cell(declaration.first_name, MAX_NAME),
        cell((declaration.last_name or "").replace("-", " "), MAX_NAME),
        cell(declaration.house, MAX_HOUSE),
        cell((declaration.postcode or "").upper(), len("NW11 7UX")),
        "",
        "",
        timezone.localtime(payment.paid_at).strftime("%d/%m/%y"),
        decimal_pounds(pence),
    )


def cell(text: str | None, max_length: int) -> str:
    """Return the text on one line of at most `max_length` characters that no spreadsheet reads as a formula."""
    return tidy(text or "").lstrip(NOT_FIRST)[:max_length].strip()
