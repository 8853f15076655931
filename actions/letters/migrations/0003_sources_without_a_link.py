import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0002_wordings_of_letters'),
    ]

    operations = [
        migrations.AlterField(
            model_name='point',
            name='url',
            field=models.URLField(blank=True, help_text='To the document itself. If you can’t find it, leave this empty, and name the document in full.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='link to the source'),
        ),
    ]
