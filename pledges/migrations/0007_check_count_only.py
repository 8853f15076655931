from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Old rows are checked apart, so that nobody has to wait for a lock on the whole table."""

    dependencies = [("pledges", "0006_count_only_stores_no_name")]

    operations = [ValidateConstraint("signature", "count_only_keeps_nobody")]
