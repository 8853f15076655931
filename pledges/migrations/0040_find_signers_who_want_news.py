"""Index the signatures whose signers want news, while people keep signing."""

from django.db import migrations, models

# A build that was interrupted leaves an invalid index behind.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS signatures_news"
CREATE = "CREATE INDEX CONCURRENTLY signatures_news ON pledges_signature (pledge_id, id) WHERE updates"


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("pledges", "0036_reasons_for_signing")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.AddIndex(
                    "signature",
                    models.Index(
                        condition=models.Q(("updates", True)), fields=["pledge", "id"], name="signatures_news"
                    ),
                ),
            ],
        ),
    ]
