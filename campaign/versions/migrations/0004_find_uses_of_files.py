from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

# A build that was interrupted leaves an index behind, perhaps an invalid one.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS version_content"


class Migration(migrations.Migration):
    """Find the versions that show a picture or offer a document without reading them all."""

    atomic = False
    dependencies = [("versions", "0003_leave_old_history_alone")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "version", GinIndex(fields=["content"], name="version_content", opclasses=["jsonb_path_ops"])
        ),
    ]
