"""Add the picture beside the headline of the home page."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0027_partners'),
    ]

    operations = [
        migrations.AddField(
            model_name='sitesettings',
            name='hero_picture',
            field=models.ForeignKey(blank=True, help_text='Beside the headline on a computer and below the button on a phone. If you leave it blank, visitors see our own drawing of people in front of mountains.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hero_pages_sitesettings_set', to='media.picture', verbose_name='picture beside the headline'),
        ),
    ]
