"""Record when, and from which network, an address was last entered, for a daily limit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("protests", "0013_holy_days_are_a_choice")]

    operations = [
        migrations.AddField(
            "attendee",
            "network",
            models.BinaryField(max_length=16, null=True, editable=False, verbose_name="network of the last attempt"),
        ),
        migrations.AddField(
            "attendee",
            "tried_at",
            models.DateTimeField(null=True, editable=False, verbose_name="last attempt"),
        ),
    ]
