from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

COUNTS = models.Q(state="confirmed")
LISTED = COUNTS & models.Q(visibility="public") & (models.Q(kind="person") | models.Q(approved=True))
UNPUBLISHED = (
    (COUNTS & models.Q(in_published_count=False))
    | (~COUNTS & models.Q(in_published_count=True))
    | (LISTED & models.Q(public_number=None))
    | (models.Q(in_published_count=True) & ~models.Q(counted_wording=models.F("wording")))
)
# A build that was interrupted leaves an index behind, perhaps an invalid one.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS signatures_to_publish"


class Migration(migrations.Migration):
    """A count is out of date, too, if a counted signature was withdrawn and made again under another wording.

    The new index serves the queries of the last release as well.
    """

    atomic = False
    dependencies = [("pledges", "0025_drop_display")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "signature", models.Index(fields=["pledge"], condition=UNPUBLISHED, name="signatures_to_publish")
        ),
        RemoveIndexConcurrently("signature", "signatures_unpublished"),
    ]
