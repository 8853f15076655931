from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0009_charity_of_a_fund'),
    ]

    operations = [
        migrations.AddField(
            model_name='donationsettings',
            name='is_rehearsal',
            field=models.BooleanField(db_default=False, default=False, help_text='Works only with a test key of Stripe. The totals then show test payments instead of real ones, and every page about donations says so.', verbose_name='rehearsal: count test payments'),
        ),
        migrations.AddField(
            model_name='donationsettings',
            name='treasurer_email',
            field=models.EmailField(blank=True, db_default='', default='', help_text='Gets a message about each failed monthly payment, refund, dispute and Gift Aid over-claim. Empty: the contact address of the site gets it.', max_length=254, verbose_name='treasurer’s e-mail address'),
        ),
    ]
