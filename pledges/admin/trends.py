"""The most frequent networks, mail domains, families of addresses and hours among the newest signatures."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import domain
from pledges.models import BulkInvalidation, Pledge, Signature

PERIODS = (1, 7, 30)
MAX_ROWS = 20
HOUR = timedelta(hours=1)
HASHED = {
    "network": _("Networks"),
    "domain_hash": _("Mail domains"),
    "family_hash": _("Addresses that differ only in digits"),
}


@dataclass(frozen=True)
class Row:
    """One frequent value: its label, the value to filter by, how many signed, and how many of them look suspicious."""

    label: Any
    value: str
    count: int
    suspicious: int


@dataclass(frozen=True)
class Table:
    """The most frequent values of a column."""

    column: str
    title: Any
    rows: list[Row]


def trends(pledge: Pledge, days: int, now: datetime) -> list[Table]:
    """Return the 20 most frequent values of each column among signatures of the last `days` before `now` (aware)."""
    newest = Signature.objects.filter(pledge=pledge, signed_at__gt=now - timedelta(days=days))
    tables = [Table(column, title, _rows_of_hashes(newest, column)) for column, title in HASHED.items()]
    hours = newest.annotate(hour=TruncHour("signed_at"))
    rows = [
        Row(row["hour"], row["hour"].isoformat(), row["count"], row["suspicious"])
        for row in _most_frequent(hours, "hour")
    ]
    return [*tables, Table("hour", _("Hours"), rows)]


def draft_bulk_invalidation(pledge: Pledge, user: User, column: str, value: str) -> BulkInvalidation:
    """Save and return a draft bulk invalidation for one row of the page.

    Raises SuspiciousOperation (answered with 400) for a column and value that the page never sends.
    """
    invalidation = BulkInvalidation(
        pledge=pledge, created_by=user, reason=str(_("Unusually frequent among the newest signatures"))
    )
    try:
        if column == "hour":
            invalidation.signed_from = _parse_hour(value)
            invalidation.signed_until = invalidation.signed_from + HOUR
        elif column == "domain_hash":
            invalidation.domain = _domains(Signature.objects.filter(pledge=pledge), [bytes.fromhex(value)])[
                bytes.fromhex(value)
            ]
        elif column in HASHED:
            setattr(invalidation, column, bytes.fromhex(value))
        invalidation.clean()
    except (ValueError, KeyError, ValidationError) as error:
        raise SuspiciousOperation("not a row of the trends page") from error
    invalidation.save()
    return invalidation


def _parse_hour(text: str) -> datetime:
    """Return the hour (aware) that the page sends in ISO 8601. Raises ValueError for anything else."""
    hour = datetime.fromisoformat(text)
    if hour.tzinfo is None or not MINYEAR < hour.year < MAXYEAR:
        raise ValueError("not an hour")
    return hour


def _most_frequent(signatures: QuerySet[Signature], column: str) -> QuerySet:
    suspicious = Count("pk", filter=~Q(suspicion=""))
    grouped = signatures.values(column).annotate(count=Count("pk"), suspicious=suspicious)
    return grouped.filter(count__gt=1).order_by("-count", column)[:MAX_ROWS]


def _rows_of_hashes(signatures: QuerySet[Signature], column: str) -> list[Row]:
    rows = [
        (bytes(row[column]), row["count"], row["suspicious"])
        for row in _most_frequent(signatures.exclude(**{column: None}), column)
    ]
    names = _domains(signatures, [value for value, *_counts in rows]) if column == "domain_hash" else {}
    return [Row(names.get(value, value.hex()[:8]), value.hex(), *counts) for value, *counts in rows]


def _domains(signatures: QuerySet[Signature], hashes: list[bytes]) -> dict[bytes, str]:
    """Return the domain behind each hash, taken from one address that has it."""
    signed = signatures.filter(domain_hash__in=hashes).exclude(email=None).order_by("domain_hash")
    pairs = signed.distinct("domain_hash").values_list("domain_hash", "email")
    return {bytes(value): domain(email) for value, email in pairs if value and email}
