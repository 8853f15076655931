import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_sign_ins_from_new_browsers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LostPhone',
            fields=[
                ('organiser', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='lost_phone', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField()),
            ],
        ),
    ]
