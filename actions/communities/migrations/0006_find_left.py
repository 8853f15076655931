"""Find the communities that left without reading the whole table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("communities", "0005_plainer_words")]

    operations = [
        # A build that was interrupted leaves an index behind, perhaps an invalid one.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS communities_left", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "community",
            models.Index(fields=["left_at"], condition=models.Q(left_at__isnull=False), name="communities_left"),
        ),
    ]
