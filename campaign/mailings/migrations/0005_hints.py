"""Say in the hints what a locked phone shows."""

import campaign.mailings.models.content
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("mailings", "0004_tests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mailing",
            name="audience",
            field=models.CharField(
                default="everybody",
                help_text="Only people who want news. Each person gets it once. You see the number before it is sent.",
                max_length=60,
                verbose_name="who gets it",
            ),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="constituency",
            field=models.ForeignKey(
                blank=True,
                help_text="Instead of a region. Leave it blank for everywhere.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="places.constituency",
                verbose_name="only in this constituency",
            ),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="preheader",
            field=models.CharField(
                blank=True,
                help_text="Inboxes and locked phones show it after the subject; the message itself begins below it. Leave it blank for a line that reveals nothing.",
                max_length=150,
                verbose_name="first line",
            ),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="region",
            field=models.CharField(
                blank=True,
                choices=campaign.mailings.models.content.region_choices,
                help_text="Leave it blank for everywhere. Otherwise people are left out whose constituency we don’t know.",
                max_length=30,
                verbose_name="only in this nation or region",
            ),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="subject",
            field=models.CharField(
                default=campaign.mailings.models.content.discreet_subject,
                help_text="A locked phone shows it to anybody nearby, and some supporters are at risk if their support is known. So don’t name the campaign or its cause here, and put what matters into the first 60 characters.",
                max_length=100,
                verbose_name="subject",
            ),
        ),
    ]
