
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('protests', '0012_attendees'),
    ]

    operations = [
        migrations.AlterField(
            model_name='protest',
            name='warn_of_fasts',
            field=models.BooleanField(db_default=False, default=False, help_text='Such as the fast of Tisha B’Av.', verbose_name='warn us of Jewish fasts'),
        ),
        migrations.AlterField(
            model_name='protest',
            name='warn_of_holy_days',
            field=models.BooleanField(db_default=False, default=False, help_text='From the afternoon before, because a holy day begins in the evening.', verbose_name='warn us of Shabbat and Jewish holy days'),
        ),
    ]
