"""Add the model of updates, which share the table of pages."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0020_columns_of_updates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Update',
            fields=[
            ],
            options={
                'verbose_name': 'update',
                'verbose_name_plural': 'updates',
                'ordering': ['-posted_on', '-pk'],
                'proxy': True,
                'base_manager_name': 'objects',
                'indexes': [],
                'constraints': [],
            },
            bases=('pages.page',),
        ),
    ]
