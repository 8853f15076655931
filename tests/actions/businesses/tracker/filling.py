"""A function that fills the tracker, to test its speed."""

from django.db import connection

from actions.businesses.models import Brand
from tests.actions.factories import BrandFactory
from tests.sizes import size

BRANDS, EACH = size((30, 10), (1000, 25))  # entries of each, and as many checks


def fill(brands, each):
    """Add brands, each with entries that another organiser has checked, without going through the forms."""
    rows = BrandFactory.build_batch(brands, title="Brand")
    Brand.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE businesses_entry DISABLE TRIGGER USER")
        cursor.execute(FILL, {"each": each})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE businesses_entry ENABLE TRIGGER USER")
        cursor.execute("ANALYZE businesses_entry")
        cursor.execute("ANALYZE businesses_brand")
        cursor.execute("ANALYZE versions_version")


FILL = """
INSERT INTO businesses_entry (brand_id, kind, happened_on, recorded_at, level, basis, note, quotation, evidence_url,
    archive_url, document_hash, entered_by, entered_name, details, is_example, digest, redaction_reason)
SELECT id, (ARRAY['letter', 'reminder', 'reply', 'commitment', 'declined'])[1 + mod(number, 5)],
    date '2026-01-01' + number, timestamptz '2026-01-01' + number * interval '1 day',
    CASE WHEN mod(number, 5) = 3 THEN 'full' ELSE '' END, 'self', '', 'Words', 'https://example.org/1', '', '', 1,
    'ada', '{}'::jsonb, false, '', ''
FROM businesses_brand, generate_series(1, %(each)s) AS number;
INSERT INTO businesses_entry (brand_id, kind, happened_on, recorded_at, level, basis, note, quotation, evidence_url,
    archive_url, document_hash, entered_by, entered_name, details, is_example, digest, redaction_reason, about_id)
SELECT brand_id, 'check', happened_on, recorded_at, '', 'self', '', '', '', '', '', 2, 'grace', '{}'::jsonb, false,
    '', '', id FROM businesses_entry WHERE kind <> 'listing';
INSERT INTO businesses_entry (brand_id, kind, happened_on, recorded_at, level, basis, note, quotation, evidence_url,
    archive_url, document_hash, entered_name, details, is_example, digest, redaction_reason)
SELECT id, 'listing', '2026-01-01', '2026-01-01', '', 'self', '', '', '', '', '', '',
    jsonb_build_object('slug', slug, 'published', true, 'sector', sector, 'country', ''), false, '', ''
FROM businesses_brand;
INSERT INTO versions_version (model, object_id, number, title, content, schema, made_at, live_at, author, note)
SELECT 'businesses.brand', id, 1, title, jsonb_build_object('fields', jsonb_build_object('title', title),
    'facts', '{}'::jsonb, 'parts', '{}'::jsonb, 'fact_parts', '{}'::jsonb), 1, now(), '2026-01-01', '', ''
FROM businesses_brand;
"""
