"""Find the attempts of the last day without reading the whole table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("protests", "0014_attempts")]

    operations = [
        # A build that was interrupted leaves an index behind, perhaps an invalid one.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS attendees_tried", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "attendee",
            models.Index(fields=["tried_at"], condition=models.Q(tried_at__isnull=False), name="attendees_tried"),
        ),
    ]
