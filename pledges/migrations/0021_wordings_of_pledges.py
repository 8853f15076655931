from django.db import migrations, models


class Migration(migrations.Migration):
    """The words of a pledge have a number, which a version holds, with its day and its corrections."""

    dependencies = [("pledges", "0020_index_public_names")]

    operations = [
        migrations.AddField(
            "pledge",
            "wording",
            models.PositiveSmallIntegerField(db_default=1, default=1, editable=False, verbose_name="wording"),
        ),
        migrations.AddField(
            "pledge",
            "wording_since",
            models.DateTimeField(editable=False, null=True, verbose_name="wording since"),
        ),
        migrations.AddField(
            "pledge",
            "corrections",
            models.JSONField(
                db_default=models.Value([], models.JSONField()), default=list, editable=False, verbose_name="corrections"
            ),
        ),
        migrations.AlterField(
            "pledge",
            "statement",
            models.TextField(
                help_text="Leave an empty line between paragraphs. People put their names to these words: once somebody has signed, other words are a new wording, with a number of its own.",
                max_length=10000,
                verbose_name="statement",
            ),
        ),
    ]
