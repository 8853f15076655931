from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

# A build that was interrupted leaves an index behind, perhaps an invalid one.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS signatures_by_tag"


class Migration(migrations.Migration):
    """Check old rows and index the tags apart from other changes, so that people can keep signing."""

    atomic = False

    dependencies = [("pledges", "0031_no_tag_for_count_only")]

    operations = [
        ValidateConstraint("signature", "count_only_has_no_tag"),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "signature",
            models.Index(fields=["tag"], condition=~models.Q(tag=None), name="signatures_by_tag"),
        ),
    ]
