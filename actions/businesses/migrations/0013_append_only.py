from django.db import migrations

from campaign.append_only.sql import allow_redaction_only, chain, refuse_changes, refuse_truncate

ENTRIES, LINKS = "businesses_entry", "businesses_entrylink"
EMPTIED = {
    **dict.fromkeys(["level", "note", "quotation", "evidence_url", "archive_url", "document_hash"], "''"),
    **dict.fromkeys(["document_id", "entered_by"], "NULL"),
    "entered_name": "''",
    "kind": "'redacted'",
}
LOCK = 0x62726E64  # `campaign.db.Lock.BRANDS`


class Migration(migrations.Migration):
    """Make the ledger append-only and chain its entries. Examples aren't chained, and only they can be deleted."""

    dependencies = [
        ("businesses", "0012_ledger"),
        ("approvals", "0001_initial"),
        ("versions", "0002_append_only"),
    ]

    operations = [
        refuse_truncate(ENTRIES),
        refuse_changes(LINKS),
        allow_redaction_only(ENTRIES, EMPTIED, "businesses.redact", deletable="OLD.is_example"),
        chain(ENTRIES, LINKS, "recorded_at", LOCK, linked="NOT NEW.is_example"),
    ]
