import actions.fundraising.models.funds

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0010_treasurer_and_rehearsal'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fund',
            name='presets',
            field=models.TextField(default='5, 10, 25, 50', help_text='In whole pounds, one a line. After a colon, you can say what the amount buys: “10: two hundred leaflets”. Donors can also enter another amount.', max_length=500, validators=[actions.fundraising.models.funds.are_presets], verbose_name='amounts to choose from'),
        ),
    ]
