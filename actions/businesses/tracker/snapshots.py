"""The tracker as canonical JSON: the same bytes for the same moment, whenever they are computed.

Everything in it follows from the ledger and from published versions, neither of which ever changes. Only a redaction
changes what a past moment looks like, and the entry then says so.
"""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from actions.businesses.models import Brand, Entry, Status

# Anybody may use the tracker's data if they name the campaign: https://creativecommons.org/licenses/by/4.0/legalcode
LICENCE, LICENCE_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"


def snapshot(moment: datetime) -> bytes:
    """Return the tracker at a moment (aware) as JSON in UTF-8: the day, brands with their statuses, and the licence."""
    brands = [described(brand) for brand in Brand.objects.tracked(moment)]
    return canonical({"brands": brands, "day": timezone.localdate(moment).isoformat(), "licence": LICENCE_URL})


def timeline_snapshot(brand: Brand, moment: datetime) -> bytes:
    """Return what visitors could read about one brand at a moment (aware), newest first, as JSON in UTF-8."""
    return canonical([entry_described(entry) for entry in brand.timeline(moment)])


def canonical(value: Any) -> bytes:
    """Return a value as JSON with sorted keys, without spaces, in UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def described(brand: Brand) -> dict[str, Any]:
    """Return a brand from `tracked` as values that JSON allows. Nothing in it depends on the visitor's language."""
    facts = {name: getattr(brand, name) for name in ("slug", "sector", "parent", "website", "products", "other_names")}
    return {
        **facts,
        "name": brand.title,
        "summary": brand.summary,
        "country": str(brand.country or ""),
        "example": brand.is_example,
        "status": status_described(brand.status),
    }


def status_described(status: Status) -> dict[str, Any]:
    """Return a status as values that JSON allows."""
    return {
        "code": str(status.code),
        "day": status.day.isoformat(),
        "as_of": status.seen_on.isoformat(),
        "basis": status.basis,
        "entry": status.entry,
        "deadline": status.deadline and status.deadline.isoformat(),
    }


def entry_described(entry: Entry) -> dict[str, Any]:
    """Return an entry from a timeline as values that JSON allows. Organisers aren't named in public."""
    return {
        **{name: getattr(entry, name) for name in ("kind", "level", "basis", "note", "quotation")},
        **{name: getattr(entry, name) for name in ("evidence_url", "archive_url", "document_hash")},
        "id": entry.pk,
        "happened_on": entry.happened_on.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "corrects": entry.corrects_id,
        "corrected_at": entry.corrected_at and entry.corrected_at.isoformat(),
        "corrected_by": entry.correction_id,
        "redacted": entry.redacted_at and {"at": entry.redacted_at.isoformat(), "reason": entry.redaction_reason},
        "digest": bytes(entry.digest).hex(),
    }
