"""Turn each brand's former answer, with its source and date, into entries of the ledger.

An answer in a company's favour stays public, as self-declared. "Declined" becomes an entry too, but visitors see it
only once two organisers have published it and the company has had time to reply, as for any claim against a company.
"""

import json
import os
from datetime import UTC
from hashlib import sha256

from django.db import migrations
from django.utils import timezone

KINDS = {"asked": "letter", "partial": "commitment", "committed": "commitment", "refused": "declined"}
LEVELS = {"partial": "partial", "committed": "full"}
NOTE = "Moved from the answer that was shown before there was a ledger."


def seal(entry):
    """Set the digest as `Entry.seal` did when this was written."""
    content = [
        *(entry.brand_id, entry.kind, entry.happened_on.isoformat(), entry.level, entry.basis),
        *(entry.note, entry.quotation, entry.evidence_url, entry.archive_url, entry.document_id, entry.document_hash),
        *(entry.entered_by, entry.entered_name, entry.about_id, entry.corrects_id, None, entry.request, None),
        *(entry.details, entry.is_example),
    ]
    at = entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    entry.salt = os.urandom(16)
    entry.digest = sha256(entry.salt + json.dumps([at, *content], sort_keys=True, ensure_ascii=True).encode()).digest()


def add(model, **values):
    """Add a sealed entry, and return it."""
    entry = model(recorded_at=timezone.now(), basis="self", **values)
    seal(entry)
    entry.save(force_insert=True)
    return entry


def listed(brand):
    """Return how the tracker lists a brand, as `Brand.record_listing` did when this was written."""
    names = ("slug", "sector", "parent", "website", "products", "other_names", "published", "is_example")
    return {name: getattr(brand, name) for name in names} | {"country": str(brand.country or "")}


def move(apps, schema_editor):
    """Add a listing for each published brand, and entries for each answer."""
    entries, versions = apps.get_model("businesses", "Entry"), apps.get_model("versions", "Version")
    seen = set(versions.objects.filter(model="businesses.brand", live_at__isnull=False).values_list("object_id", flat=True))
    today = timezone.localdate()
    for brand in apps.get_model("businesses", "Brand").objects.order_by("pk").iterator(chunk_size=200):
        if brand.pk in seen:
            add(entries, brand=brand, kind="listing", happened_on=today, details=listed(brand))
        if brand.status == "asked" and not (brand.as_of or brand.source_url):
            continue  # there is nothing to keep
        about = {"note": NOTE, "evidence_url": brand.source_url, "level": LEVELS.get(brand.status, "")}
        moved = add(entries, brand=brand, kind=KINDS[brand.status], happened_on=brand.as_of or today, **about)
        if moved.kind != "declined":
            add(entries, brand=brand, kind="check", happened_on=today, about=moved)


class Migration(migrations.Migration):

    dependencies = [
        ("businesses", "0013_append_only"),
        ("versions", "0003_leave_old_history_alone"),
    ]

    # Backwards: the columns of the former answer are still there, and the entries go with their table.
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
