import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0013_hints_and_positions'),
        ('media', '0001_pictures_and_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='share_picture',
            field=models.ForeignKey(blank=True, help_text='Shown with the link in messages and on social networks, cut to a wide shape round its main point. If you leave it blank, they show the first picture of the page, or that of the site settings.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_%(app_label)s_%(class)s_set', to='media.picture', verbose_name='picture of shared links'),
        ),
        migrations.AddField(
            model_name='letter',
            name='share_text',
            field=models.CharField(blank=True, db_default='', default='', help_text='One sentence that makes somebody want to read on. If you leave it blank, it is the summary.', max_length=200, verbose_name='text of shared links'),
        ),
    ]
