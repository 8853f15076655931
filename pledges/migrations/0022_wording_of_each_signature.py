import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Signatures know the wording that was signed, and published counts are kept for each; so far, all are of the first."""

    dependencies = [("pledges", "0021_wordings_of_pledges")]

    operations = [
        migrations.AddField(
            "signature",
            "wording",
            models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="wording that was signed"),
        ),
        migrations.AddField(
            "signature",
            "counted_wording",
            models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="wording that it is counted under"),
        ),
        migrations.CreateModel(
            "WordingCount",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wording", models.PositiveSmallIntegerField()),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wording_counts", to="pledges.pledge"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("pledge", "wording"), name="one_count_per_wording")],
            },
        ),
    ]
