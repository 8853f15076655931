from django.db import migrations, models


class Migration(migrations.Migration):
    """Remember who agreed to other messages about a protest. Nobody who said earlier that they are coming has agreed."""

    dependencies = [("protests", "0017_plainer_words")]

    operations = [
        migrations.AddField(
            "attendee",
            "wants_news",
            models.BooleanField(
                db_default=False, default=False, verbose_name="wants other messages about the protest"
            ),
        ),
    ]
