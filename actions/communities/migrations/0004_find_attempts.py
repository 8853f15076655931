"""Find the attempts of the last day without reading the whole table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("communities", "0003_attempts")]

    operations = [
        # A build that was interrupted leaves an index behind, perhaps an invalid one.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS communities_tried", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "community",
            models.Index(fields=["tried_at"], condition=models.Q(tried_at__isnull=False), name="communities_tried"),
        ),
    ]
