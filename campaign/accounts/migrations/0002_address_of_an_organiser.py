import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import campaign.privacy.encrypted_field


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OrganiserAddress',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='e-mail address')),
                ('organiser', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='address', to=settings.AUTH_USER_MODEL, verbose_name='organiser')),
            ],
            options={
                'verbose_name': 'organiser’s address',
            },
        ),
    ]
