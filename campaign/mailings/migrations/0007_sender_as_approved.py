from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0006_cards_as_approved'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailing',
            name='imprint',
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name='sender as approved'),
        ),
    ]
