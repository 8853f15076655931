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
            field=models.ForeignKey(blank=True, help_text='Added to each link to this site, so that you can see how many signatures the mailing brings. It is the same for everybody, so it says nothing about anyone.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tags.tag', verbose_name='tag for its links'),
        ),
    ]
