from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0015_counters_of_what_was_confirmed'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(condition=models.Q(('state', 'suspected')), fields=['confirmed_at'], name='signatures_suspected'),
        ),
    ]
