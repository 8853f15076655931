"""Rows of HMRC's Gift Aid schedule spreadsheet.

Columns, lengths and formats: GOV.UK, "Schedule spreadsheet to claim back tax on Gift Aid donations", as changed on
28 November 2025. What could not be read there is named in docs/organisers/gift-aid-checks.md.
"""

from collections.abc import Iterator

from django.utils import timezone

from actions.fundraising.models import Claim, Declaration, Payment
from actions.fundraising.models.claims import MAX_PAYMENTS
from actions.fundraising.models.declarations import MAX_HOUSE, MAX_NAME, MAX_TITLE
from campaign.forms.names import tidy

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


def rows(claim: Claim) -> Iterator[tuple[str, ...]]:
    """Yield the schedule of a claim, its heading first; leave out payments whose declaration has been erased."""
    yield HEADING
    lines = claim.lines.select_related("payment", "declaration").exclude(declaration__last_name=None)
    for line in lines.order_by("payment__paid_at", "payment_id")[:MAX_PAYMENTS]:
        yield row(line.declaration, line.payment, line.claimed_pence)


def row(declaration: Declaration, payment: Payment, pence: int) -> tuple[str, ...]:
    """One gift of one donor. What does not apply is left empty, as HMRC asks."""
    return (
        cell(declaration.title, MAX_TITLE),
        cell(declaration.first_name, MAX_NAME),
        cell((declaration.last_name or "").replace("-", " "), MAX_NAME),
        cell(declaration.house, MAX_HOUSE),
        cell((declaration.postcode or "").upper(), len("NW11 7UX")),
        "",
        "",
        timezone.localtime(payment.paid_at).strftime("%d/%m/%y"),
        f"{pence // 100}.{pence % 100:02}",
    )


def cell(text: str | None, most: int) -> str:
    """The text in one line of at most so many characters, harmless to a spreadsheet."""
    return tidy(text or "").lstrip(NOT_FIRST)[:most].strip()
