"""Add the tag of a mailing’s links."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("mailings", "0003_tests"),
        ("tags", "0001_tags"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailing",
            name="tag",
            field=models.ForeignKey(
                blank=True,
                help_text="Added to each link to this site, so that signatures that come by it can be counted together. Everybody gets the same link, so it says nothing about a person.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tags.tag",
                verbose_name="tag of its links",
            ),
        ),
    ]
