from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0003_sources_without_a_link'),
    ]

    operations = [
        migrations.AddField(
            model_name='recipient',
            name='is_removed',
            field=models.BooleanField(default=False, help_text='Visitors don’t see them, and imports don’t bring them back. Untick it to undo that.', verbose_name='removed'),
        ),
    ]
