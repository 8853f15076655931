"""Add the columns of updates, which are rows of the table of pages."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0003_plainer_words'),
        ('pages', '0019_plainer_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='about',
            field=models.CharField(blank=True, db_default='', default='', help_text='The pledge, protest or other content that it is about. The update links to it, and a pledge’s page lists its newest updates. Leave it blank if it is about the whole campaign.', max_length=80, verbose_name='about'),
        ),
        migrations.AddField(
            model_name='page',
            name='author',
            field=models.CharField(blank=True, db_default='', default='', help_text='The name that visitors see. The history keeps it permanently. Leave it blank to show no name, for instance if the author has family who could be punished.', max_length=100, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='page',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='Shown above the text and in lists. From the media library; press + to add another.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='media.picture', verbose_name='picture'),
        ),
        migrations.AddField(
            model_name='page',
            name='posted_on',
            field=models.DateField(blank=True, help_text='Visitors see it, and the newest update comes first. It can be in the future only if you press “Publish later…” and choose that day or a later one: visitors never see an update before its date.', null=True, verbose_name='date'),
        ),
    ]
