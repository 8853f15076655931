import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Signatures know the tag of the link that the signer followed, and published counts are kept for each tag."""

    dependencies = [("pledges", "0029_plainer_words"), ("tags", "0001_tags")]

    operations = [
        migrations.AddField(
            "signature",
            "tag",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tags.tag",
                verbose_name="tag of the link",
            ),
        ),
        migrations.CreateModel(
            "TagCount",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tag_counts", to="pledges.pledge"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tags.tag"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("pledge", "tag"), name="one_count_per_tag")],
            },
        ),
    ]
