"""Say more plainly what the right to withdraw files allows."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0002_withdrawn_files'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='picture',
            options={'ordering': ['-added_at', '-pk'], 'permissions': [('withdraw_file', 'Can withdraw pictures and documents, and approve withdrawals')], 'verbose_name': 'picture', 'verbose_name_plural': 'pictures'},
        ),
    ]
