"""Let mailings have a tag, which their links get."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0001_mailings_and_deliveries'),
        ('tags', '0001_tags'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailing',
            name='tag',
            field=models.ForeignKey(blank=True, help_text='Added to each link to this site, so that signatures that come by it can be counted together. Everybody gets the same link, so it says nothing about a person.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tags.tag', verbose_name='tag of its links'),
        ),
    ]
