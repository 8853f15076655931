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
                help_text="Only people who agreed to get such messages. Each person gets it once. You will see how many there are before it is sent.",
                max_length=60,
                verbose_name="who gets it",
            ),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="constituency",
            field=models.ForeignKey(
                blank=True,
                help_text="Choose this or a region, not both. Leave it blank for everywhere.",
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
                help_text="Inboxes and locked phones show it after the subject. If you leave it blank, they show a line that reveals nothing.",
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
                help_text="Leave it blank for everywhere. If you choose one, people whose constituency we don’t know are left out.",
                max_length=30,
                verbose_name="only in this nation or region",
            ),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="subject",
            field=models.CharField(
                default=campaign.mailings.models.content.discreet_subject,
                help_text="A locked phone shows it to anybody nearby, and some supporters are at risk if their support becomes known. So don’t name the campaign or its cause here, and put what matters in the first 60 characters.",
                max_length=100,
                verbose_name="subject",
            ),
        ),
    ]
