"""Add the words of a quotation, its source and a portrait to the sections of the home page."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0003_plainer_words'),
        ('pages', '0025_kinds_of_sections'),
    ]

    operations = [
        migrations.AddField(
            model_name='homesection',
            name='words',
            field=models.TextField(blank=True, help_text='Only for a quotation: the speaker’s own words, copied exactly, without quotation marks.', max_length=600, verbose_name='quotation'),
        ),
        migrations.AddField(
            model_name='homesection',
            name='speaker',
            field=models.CharField(blank=True, help_text='Only for a quotation: their name, as they agreed to be named. Leave it blank if a name could put them in danger.', max_length=150, verbose_name='who said it'),
        ),
        migrations.AddField(
            model_name='homesection',
            name='about',
            field=models.CharField(blank=True, help_text='Only for a quotation: shown under the name, such as “rabbi in Leeds”.', max_length=200, verbose_name='about them, or when they said it'),
        ),
        migrations.AddField(
            model_name='homesection',
            name='url',
            field=models.URLField(blank=True, help_text='Only for a quotation: the address where the whole text can be read. You can leave it blank.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='link to the source'),
        ),
        migrations.AddField(
            model_name='homesection',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='Only for a quotation: a picture of the speaker, with their permission. You can leave it blank.', null=True, on_delete=django.db.models.deletion.PROTECT, to='media.picture', verbose_name='portrait'),
        ),
    ]
