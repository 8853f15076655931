"""Record when, and from which network, an address was last entered, for a daily limit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communities", "0002_times_of_changes")]

    operations = [
        migrations.AddField(
            "community",
            "network",
            models.BinaryField(max_length=16, null=True, editable=False, verbose_name="network of the last attempt"),
        ),
        migrations.AddField(
            "community",
            "tried_at",
            models.DateTimeField(null=True, editable=False, verbose_name="last attempt"),
        ),
    ]
