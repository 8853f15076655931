"""Add partners, which organisers put in order."""

import campaign.pages.position
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0026_quotation_on_the_home_page'),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As the organisation writes it. Name only organisations that have agreed.', max_length=100, verbose_name='name')),
                ('url', models.URLField(blank=True, help_text='The address of their site, which starts with https://. You can leave it blank.', max_length=300, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='link')),
                ('order', campaign.pages.position.PositionField(blank=True, default=None, help_text='The lowest number comes first. Leave it blank to put this last.', verbose_name='position in the list', whole='site')),
                ('picture', models.ForeignKey(blank=True, help_text='From the media library, with their permission. Visitors see the name too. You can leave it blank.', null=True, on_delete=django.db.models.deletion.PROTECT, to='media.picture', verbose_name='logo')),
                ('site', models.ForeignKey(default=1, on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='pages.sitesettings')),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
                'ordering': ['order', 'pk'],
            },
        ),
    ]
