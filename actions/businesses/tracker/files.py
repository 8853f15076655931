"""The tracker as a table for spreadsheets."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from actions.businesses.models import Basis
from actions.businesses.tracker.listing import Listed
from actions.businesses.tracker.snapshots import LICENCE_URL
from campaign.documents.spreadsheets import as_csv


def table(rows: Iterable[Listed]) -> Iterator[str]:
    """Yield the rows as CSV under a heading. Codes and days are as in the JSON; every row names the licence."""
    return as_csv([HEADINGS, *map(_line, rows)])


HEADINGS = [
    *("name", "address", "status", "status_in_words", "basis", "date", "deadline", "days_left", "as_of"),
    *("sector", "country", "parent", "products", "other_names", "example", "licence"),
]


def _line(row: Listed) -> list[str]:
    status = row.status
    left = status.days_left()
    return [
        *(row.name, settings.SITE_URL + row.url, str(status.code), status.sentence, basis_in_words(status.basis)),
        *(status.day.isoformat(), status.deadline.isoformat() if status.deadline else ""),
        *("" if left is None else str(left), status.seen_on.isoformat()),
        *(row.sector, row.country, row.parent, row.products, row.other_names),
        *(_("example") if row.is_example else "", LICENCE_URL),
    ]


def basis_in_words(basis: str) -> str:
    """Return "Self-declared" or "Verified by us", or "" if nothing is known."""
    return str(Basis(basis).label) if basis else ""
