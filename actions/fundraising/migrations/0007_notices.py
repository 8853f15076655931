import django.db.models.deletion
import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0006_any_language_of_content'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('failed', 'payment failed'), ('refund', 'refund'), ('unsent', 'refund failed'), ('inquiry', 'question from a bank'), ('dispute', 'dispute'), ('lost', 'lost dispute'), ('claim', 'Gift Aid over-claim')], max_length=7, verbose_name='kind')),
                ('about', models.CharField(blank=True, max_length=255, verbose_name='about')),
                ('created_at', models.DateTimeField(db_index=True, verbose_name='noticed')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
            },
        ),
        migrations.AddField(
            model_name='notice',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='fundraising.payment', verbose_name='payment'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(models.F('payment'), models.F('kind'), models.F('about'), name='one_notice_of_each_event'),
        ),
    ]
