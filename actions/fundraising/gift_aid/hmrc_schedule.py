"""Rows of HMRC's Gift Aid schedule spreadsheet.

Columns, lengths and formats: GOV.UK, "Schedule spreadsheet to claim back tax on Gift Aid donations", as changed on
28 November 2025; the spreadsheet itself; and HMRC's own check of it, github.com/hmrc/charities-claims-validation, as of
6 July 2026. docs/organisers/gift-aid-checks.md lists what we couldn't check there.
"""

import re
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from actions.fundraising.gift_aid.hmrc_text import hmrc_text
from actions.fundraising.models import Claim, ClaimLineQuerySet, Declaration, Payment
from actions.fundraising.models.claims import MAX_PAYMENTS
from actions.fundraising.models.declarations import ABROAD, MAX_HOUSE, MAX_NAME, MAX_TITLE
from campaign.documents.spreadsheets import SIGNS
from campaign.forms.names import tidy
from campaign.money import decimal_pounds

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
MIN_PARTS = 2  # kept of an address that is too long: street and country
# Characters that begin a formula or a text in a spreadsheet. No name or house begins with one.
NOT_FIRST = SIGNS + "' "
TITLE = re.compile(r"[A-Za-z][A-Za-z'-]{1,3}")  # HMRC refuses any other, even "Dr." with a full stop


def rows(claim: Claim) -> Iterator[tuple[str, ...]]:
    """Yield the heading and the rows of a claim's schedule, without payments whose declaration has been erased."""
    yield HEADING
    lines = _readable(claim).select_related("payment", "declaration")
    for line in lines.order_by("payment__paid_at", "payment_id")[:MAX_PAYMENTS]:
        yield row(line.declaration, line.payment, line.claimed_pence)


def earliest_date(claim: Claim) -> date | None:
    """Return the date of the earliest donation in the schedule, for HMRC's box 1, or None if there are no rows."""
    earliest = _readable(claim).order_by("payment__paid_at").values_list("payment__paid_at", flat=True).first()
    return timezone.localdate(earliest) if earliest else None


def row(declaration: Declaration, payment: Payment, pence: int) -> tuple[str, ...]:
    """Return the row for one donation. Columns that don't apply are empty, as HMRC asks."""
    return (
        title(declaration.title),
        cell(declaration.first_name, MAX_NAME),
        cell(hmrc_text(declaration.last_name or "").replace("-", " ") or declaration.last_name, MAX_NAME),
        house(declaration),
        cell((declaration.postcode or "").upper(), len("NW11 7UX")),
        "",
        "",
        timezone.localtime(payment.paid_at).strftime("%d/%m/%y"),
        decimal_pounds(pence),
    )


def title(text: str | None) -> str:
    """Return a title without full stops, such as "Dr", or "" if HMRC would refuse it, as titles are optional."""
    letters = cell(text, MAX_TITLE).replace(".", "")
    return letters if TITLE.fullmatch(letters) else ""


def house(declaration: Declaration) -> str:
    """Return the house or, for a donor abroad, the address: the spreadsheet's example is "100 Champs Elysees, Paris".

    An address that is too long loses parts from the middle, so that HMRC sees the street and the country.
    """
    if declaration.postcode != ABROAD:
        return cell(declaration.house, MAX_HOUSE)
    address = hmrc_text(f"{declaration.house or ''}, {declaration.address or ''}")
    parts = [part.strip() for part in address.split(",") if part.strip()]
    while len(", ".join(parts)) > MAX_HOUSE and len(parts) > MIN_PARTS:
        del parts[-MIN_PARTS]
    return cell(", ".join(parts), MAX_HOUSE)


def cell(text: str | None, max_length: int) -> str:
    """Return the text as one line of at most `max_length` characters that no spreadsheet reads as a formula.

    Only characters that HMRC accepts are kept. If that would leave none, all are, so that people see what is wrong.
    """
    shown = hmrc_text(text or "") or tidy(text or "")
    return shown.lstrip(NOT_FIRST)[:max_length].strip()


def _readable(claim: Claim) -> ClaimLineQuerySet:
    return claim.lines.exclude(declaration__last_name=None)
