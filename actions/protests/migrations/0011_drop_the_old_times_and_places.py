from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('protests', '0010_schedule_of_each_protest'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='protest',
            name='protest_ends_after_it_starts',
        ),
        migrations.RemoveConstraint(
            model_name='protest',
            name='protest_last_after_first',
        ),
        migrations.RemoveField(
            model_name='protest',
            name='address',
        ),
        migrations.RemoveField(
            model_name='protest',
            name='end_time',
        ),
        migrations.RemoveField(
            model_name='protest',
            name='first_on',
        ),
        migrations.RemoveField(
            model_name='protest',
            name='last_on',
        ),
        migrations.RemoveField(
            model_name='protest',
            name='start_time',
        ),
        migrations.RemoveField(
            model_name='protest',
            name='venue',
        ),
        migrations.RemoveField(
            model_name='protest',
            name='weekday',
        ),
        migrations.RemoveField(
            model_name='protestchange',
            name='new_starts',
        ),
        migrations.AddConstraint(
            model_name='protestchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'moved'), _negated=True), ('new_on__isnull', False), ('new_start__isnull', False), ('new_end__isnull', False), ('new_place__isnull', False), _connector='OR'), name='moved_to_a_time_or_place', violation_error_message='Enter the new date, time or place.'),
        ),
    ]
