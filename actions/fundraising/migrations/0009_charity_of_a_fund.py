import django.core.validators

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0008_checked_appeals'),
    ]

    operations = [
        migrations.AddField(
            model_name='fund',
            name='registered_name',
            field=models.CharField(blank=True, db_default='', default='', help_text='If a registered charity receives the donations. Shown on the donation page and in receipts.', max_length=160, verbose_name='registered name of the charity'),
        ),
        migrations.AddField(
            model_name='fund',
            name='registered_number',
            field=models.CharField(blank=True, db_default='', default='', help_text='The law asks most charities in the United Kingdom to say that they are registered wherever they ask for money, and on receipts.', max_length=9, validators=[django.core.validators.RegexValidator('^(\\d{6,7}|SC\\d{6}|NIC\\d{6})$', 'Enter the number as its register shows it, such as 1234567, SC012345 or NIC123456.')], verbose_name='charity number'),
        ),
        migrations.AddConstraint(
            model_name='fund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('registered_name', ''), ('registered_number', '')), models.Q(models.Q(('registered_name', ''), _negated=True), models.Q(('registered_number', ''), _negated=True)), _connector='OR'), name='a_charity_has_a_name_and_a_number', violation_error_message='Enter the name and the number of the charity, or neither.'),
        ),
    ]
