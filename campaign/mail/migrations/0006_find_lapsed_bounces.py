from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# A build that was interrupted leaves an index behind, perhaps an invalid one.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS suppressed_reason_since"


class Migration(migrations.Migration):
    """Find the bounces that have lapsed without reading every suppressed address."""

    atomic = False
    dependencies = [("mail", "0005_why_an_address_is_suppressed")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "suppressedaddress", models.Index(fields=["reason", "since"], name="suppressed_reason_since")
        ),
    ]
