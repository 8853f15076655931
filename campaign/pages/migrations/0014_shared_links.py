import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0001_pictures_and_documents'),
        ('pages', '0013_blocks'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='share_picture',
            field=models.ForeignKey(blank=True, help_text='Shown with the link in messages and on social networks, cut to a wide shape round its main point. If you leave it blank, they show the first picture of the page, or that of the site settings.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_%(app_label)s_%(class)s_set', to='media.picture', verbose_name='picture of shared links'),
        ),
        migrations.AddField(
            model_name='page',
            name='share_text',
            field=models.CharField(blank=True, db_default='', default='', help_text='One sentence that makes somebody want to read on. If you leave it blank, it is the summary.', max_length=200, verbose_name='text of shared links'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='share_picture',
            field=models.ForeignKey(blank=True, help_text='Shown with links to the home page, and with every other link whose page has no picture, in messages and on social networks. If you leave it blank, they show a pattern.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_pages_sitesettings_set', to='media.picture', verbose_name='picture of shared links'),
        ),
    ]
