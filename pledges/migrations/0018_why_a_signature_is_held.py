from django.db import migrations, models

DOUBTS = [('automatic', 'submitted too fast to have been read'), ('network', 'same network as others held for review'), ('domain', 'many from one mail domain'), ('family', 'many addresses that differ only in digits')]


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0017_doubts_are_decided_on_confirming'),
    ]

    operations = [
        migrations.AlterField(
            model_name='signature',
            name='doubt',
            field=models.CharField(blank=True, choices=DOUBTS, max_length=9, verbose_name='why suspected'),
        ),
        migrations.AlterField(
            model_name='sweep',
            name='doubt',
            field=models.CharField(blank=True, choices=DOUBTS, max_length=9, verbose_name='why suspected'),
        ),
    ]
