from decimal import Decimal
import django.core.validators
import django.db.models.deletion

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0011_what_an_amount_buys'),
    ]

    operations = [
        migrations.AlterField(
            model_name='appeal',
            name='as_of',
            field=models.DateField(blank=True, help_text='The day on which you read these figures. After two weeks they are no longer shown.', null=True, verbose_name='figures read on'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='fund',
            field=models.ForeignKey(blank=True, help_text='One bar then shows the donations made there and here.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='appeals', to='fundraising.fund', verbose_name='fund on this site for the same cause'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='order',
            field=models.PositiveIntegerField(default=0, help_text='Lowest comes first.', verbose_name='position in the list'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='passed_on',
            field=models.PositiveIntegerField(default=0, help_text='In whole pounds: donations made here that you passed on to the appeal, so that they count once.', verbose_name='part of it that we paid in'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='slug',
            field=models.SlugField(help_text='Such as “our-statement” in /our-statement/. Changing it breaks links to the page.', max_length=80, unique=True, verbose_name='end of the web address'),
        ),
        migrations.AlterField(
            model_name='demand',
            name='order',
            field=models.PositiveIntegerField(default=0, verbose_name='position in the list'),
        ),
        migrations.AlterField(
            model_name='donationsettings',
            name='fee_pence',
            field=models.PositiveSmallIntegerField(default=20, help_text='Added to the percentage, once for each payment.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='card fee: pence on top'),
        ),
        migrations.AlterField(
            model_name='donationsettings',
            name='fee_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('1.50'), help_text='What Stripe charges for a donation by an ordinary British card; see your contract with Stripe.', max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(10)], verbose_name='card fee: percentage of the payment'),
        ),
        migrations.AlterField(
            model_name='donationsettings',
            name='is_open',
            field=models.BooleanField(default=True, help_text='Untick to stop donations at once, for example if somebody is testing stolen cards. Payment pages that are open at Stripe are closed too. Appeals and ongoing monthly donations stay.', verbose_name='take donations on this site'),
        ),
        migrations.AlterField(
            model_name='fund',
            name='charity_name',
            field=models.CharField(blank=True, help_text='The full name by which HMRC knows the charity that receives the donations. Empty: no Gift Aid.', max_length=160, verbose_name='name of the charity at HMRC, for Gift Aid'),
        ),
        migrations.AlterField(
            model_name='fund',
            name='is_open',
            field=models.BooleanField(default=True, help_text='Untick to stop donations to this fund for a while. The other funds stay open.', verbose_name='donations to this fund are open'),
        ),
        migrations.AlterField(
            model_name='fund',
            name='order',
            field=models.PositiveIntegerField(default=0, help_text='Lowest comes first.', verbose_name='position in the list'),
        ),
        migrations.AlterField(
            model_name='fund',
            name='payee',
            field=models.CharField(help_text='Appears after “Donation to” on Stripe’s page, on bank statements and in receipts. Other people may see those: choose a neutral name that doesn’t tell what a donor believes.', max_length=60, verbose_name='name on bank statements and receipts'),
        ),
        migrations.AlterField(
            model_name='fund',
            name='slug',
            field=models.SlugField(help_text='Such as “our-statement” in /our-statement/. Changing it breaks links to the page.', max_length=80, unique=True, verbose_name='end of the web address'),
        ),
    ]
