"""Add the blocks of mailings."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("mailings", "0002_tag_of_a_mailing"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailButton",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=255)),
                ("ordering", models.IntegerField(default=0)),
                (
                    "label",
                    models.CharField(
                        help_text="What the button does, starting with a verb, such as “Write to your MP”. One button is best.",
                        max_length=40,
                        verbose_name="text of the button",
                    ),
                ),
                ("url", models.CharField(max_length=500, verbose_name="link")),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s_set",
                        to="mailings.mailing",
                    ),
                ),
            ],
            options={
                "verbose_name": "button",
                "verbose_name_plural": "buttons",
                "ordering": ["ordering", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MailCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=255)),
                ("ordering", models.IntegerField(default=0)),
                (
                    "target",
                    models.CharField(
                        help_text="The message shows its title and summary, as published when you ask for approval, with a link. If visitors can’t see it any more when the message is sent, it is left out.",
                        max_length=80,
                        verbose_name="what to show",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s_set",
                        to="mailings.mailing",
                    ),
                ),
            ],
            options={
                "verbose_name": "card of a pledge, letter, protest, appeal, brand or plan",
                "verbose_name_plural": "cards of pledges, letters, protests, appeals, brands and plans",
                "ordering": ["ordering", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MailQuotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=255)),
                ("ordering", models.IntegerField(default=0)),
                (
                    "words",
                    models.TextField(
                        help_text="Their own words, copied exactly, without quotation marks: the message adds them.",
                        max_length=1000,
                        verbose_name="quotation",
                    ),
                ),
                (
                    "speaker",
                    models.CharField(
                        blank=True,
                        help_text="Their name, as they agreed to be named, such as “Ruth Gold, rabbi in Leeds”. Leave it blank if a name could put them in danger.",
                        max_length=200,
                        verbose_name="who said it",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s_set",
                        to="mailings.mailing",
                    ),
                ),
            ],
            options={
                "verbose_name": "quotation",
                "verbose_name_plural": "quotations",
                "ordering": ["ordering", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MailText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=255)),
                ("ordering", models.IntegerField(default=0)),
                (
                    "html",
                    models.TextField(
                        help_text="Headings, paragraphs, lists, quotations and links. Put what matters most in the first lines.",
                        verbose_name="text",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s_set",
                        to="mailings.mailing",
                    ),
                ),
            ],
            options={
                "verbose_name": "text",
                "verbose_name_plural": "texts",
                "ordering": ["ordering", "pk"],
                "abstract": False,
            },
        ),
    ]
