from django.db import migrations

# The columns stay until the next release: this release's code doesn't write them, and the last one's still does.
DEFAULTS = """
ALTER TABLE businesses_brand DROP CONSTRAINT an_answer_has_source_and_date;
ALTER TABLE businesses_brand ALTER COLUMN status SET DEFAULT 'asked', ALTER COLUMN source_url SET DEFAULT '';
"""
UNDO = """
ALTER TABLE businesses_brand ALTER COLUMN status DROP DEFAULT, ALTER COLUMN source_url DROP DEFAULT;
ALTER TABLE businesses_brand ADD CONSTRAINT an_answer_has_source_and_date
    CHECK (status = 'asked' OR (as_of IS NOT NULL AND source_url <> '')) NOT VALID;
"""


class Migration(migrations.Migration):
    """Leave the former answer to the ledger."""

    dependencies = [("businesses", "0015_admit_fair_entries")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(DEFAULTS, UNDO)],
            [
                migrations.RemoveConstraint("brand", "an_answer_has_source_and_date"),
                migrations.RemoveField("brand", "status"),
                migrations.RemoveField("brand", "source_url"),
                migrations.RemoveField("brand", "as_of"),
            ],
        )
    ]
