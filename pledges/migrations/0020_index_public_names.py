"""Index the parts of public names, while people keep signing."""

from django.db import migrations

# A build that was interrupted leaves an invalid index behind.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS signatures_name_parts"
CREATE = """
CREATE INDEX CONCURRENTLY signatures_name_parts ON pledges_signature
USING gin (pledges_name_parts(public_name, '{2,3}')) WHERE public_name <> ''
"""


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("pledges", "0019_find_public_names_by_any_part")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        migrations.RunSQL(CREATE, DROP),
    ]
