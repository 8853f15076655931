from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the newest redaction of the ledger without reading the whole of it."""

    atomic = False
    dependencies = [
        ("businesses", "0020_daily_figures"),
    ]

    operations = [
        # A build that was interrupted leaves an index behind, perhaps an invalid one.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS ledger_redactions", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "entry",
            models.Index(
                fields=["redacted_at"], condition=models.Q(redacted_at__isnull=False), name="ledger_redactions"
            ),
        ),
    ]
