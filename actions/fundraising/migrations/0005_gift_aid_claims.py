import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0004_gift_aid_declarations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('charity_name', models.CharField(max_length=160, verbose_name='charity')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent to HMRC')),
                ('downloads', models.PositiveIntegerField(default=0, verbose_name='downloads')),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'Gift Aid claim',
                'verbose_name_plural': 'Gift Aid claims',
                'ordering': ['-pk'],
                'permissions': [('claim_gift_aid', 'Can claim Gift Aid, and see the names and addresses in declarations')],
            },
        ),
        migrations.CreateModel(
            name='ClaimLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claimed_pence', models.PositiveIntegerField(verbose_name='claimed, in pence')),
                ('told_pence', models.PositiveIntegerField(default=0, verbose_name='HMRC was told of, in pence')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='HMRC was told')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='fundraising.claim', verbose_name='claim')),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim_line', to='fundraising.payment', verbose_name='payment')),
                ('declaration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claim_lines', to='fundraising.declaration', verbose_name='declaration')),
            ],
            options={
                'verbose_name': 'claimed payment',
                'verbose_name_plural': 'claimed payments',
            },
        ),
        migrations.CreateModel(
            name='OverClaim',
            fields=[
            ],
            options={
                'verbose_name': 'Gift Aid over-claim',
                'verbose_name_plural': 'Gift Aid over-claims',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('fundraising.claimline',),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('told_pence__lte', models.F('claimed_pence'))), name='told_no_more_than_claimed'),
        ),
    ]
