from django.db import migrations

# The expression is that of `pledges.wordings.change.NUMBER` and of `sign_pledge_3`.
INDEX = """
CREATE INDEX pledge_wordings ON versions_version (object_id, (COALESCE((content #>> '{fields,wording}')::integer, 1)))
WHERE model = 'pledges.pledge'
"""


class Migration(migrations.Migration):
    """Signing finds out whether a wording was ever live without reading what the versions contain."""

    dependencies = [("pledges", "0022_wording_of_each_signature"), ("versions", "0002_append_only")]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX pledge_wordings")]
