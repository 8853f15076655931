import uuid

import django.db.models.deletion
from django.db import migrations, models

import campaign.privacy.encrypted_field


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0003_gifts_on_this_site'),
    ]

    operations = [
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='title')),
                ('first_name', campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='first name')),
                ('last_name', campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='last name')),
                ('house', campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='house name or number')),
                ('address', campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='rest of the home address')),
                ('postcode', campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='postcode')),
                ('scope', models.CharField(choices=[('this', 'this gift'), ('all', 'this gift, later ones, and those of the four years before')], max_length=4, verbose_name='for')),
                ('charity_name', models.CharField(max_length=160, verbose_name='charity')),
                ('wording', models.TextField(verbose_name='words')),
                ('wording_version', models.CharField(max_length=20, verbose_name='version of the words')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('copied_at', models.DateTimeField(null=True, verbose_name='copy sent')),
                ('cancelled_at', models.DateTimeField(null=True, verbose_name='cancelled')),
                ('token_hash', models.BinaryField(max_length=32, null=True, unique=True)),
                ('donation', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='declaration', to='fundraising.donation', verbose_name='donation')),
            ],
            options={
                'verbose_name': 'Gift Aid declaration',
                'verbose_name_plural': 'Gift Aid declarations',
                'ordering': ['-made_at'],
            },
        ),
        migrations.AddIndex(
            model_name='declaration',
            index=models.Index(fields=['-made_at'], name='declarations_newest'),
        ),
    ]
