import campaign.pages.position
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0014_shared_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomeSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pledge', 'what the pledge asks for'), ('letters', 'letters to write'), ('next_protest', 'the next protest'), ('funds', 'funds to donate to'), ('appeals', 'appeals'), ('call', 'the call to businesses'), ('about', 'about you'), ('names', 'the latest to sign')], help_text='What it shows. While there is nothing to show, such as no letter, visitors see no section.', max_length=12, verbose_name='section')),
                ('heading', models.CharField(blank=True, help_text='Leave it blank for the usual heading. Letters, the protest, funds, appeals and the call to businesses share one heading where they follow one another.', max_length=90, verbose_name='heading')),
                ('shown', models.BooleanField(default=True, help_text='Untick this to leave the section out, and keep its place.', verbose_name='on the home page')),
                ('order', campaign.pages.position.PositionField(blank=True, default=None, help_text='The lowest number comes first. Leave it blank to put this last.', verbose_name='position in the list', whole='site')),
                ('site', models.ForeignKey(default=1, on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='pages.sitesettings')),
            ],
            options={
                'verbose_name': 'section of the home page',
                'verbose_name_plural': 'sections of the home page',
                'ordering': ['order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('site', 'kind'), name='a_section_of_the_home_page_once', violation_error_message='The home page has this section already.')],
            },
        ),
    ]
