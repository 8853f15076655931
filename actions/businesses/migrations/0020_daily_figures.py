from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the tracker's figures of each day. They follow from the ledger, so the table can be emptied at any time."""

    dependencies = [
        ("businesses", "0019_hide_while_examined"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyFigures",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="day")),
                ("made_at", models.DateTimeField(db_index=True, verbose_name="worked out")),
                ("counts", models.JSONField(verbose_name="brands with each status")),
                ("are_examples", models.BooleanField(verbose_name="examples only")),
            ],
            options={
                "verbose_name": "figures of a day",
                "verbose_name_plural": "figures of days",
                "ordering": ["day"],
                "default_permissions": (),
            },
        ),
    ]
