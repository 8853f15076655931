from django.db import migrations, models


class Migration(migrations.Migration):
    """Sending a message again, and mending a fault of ours, begin its five days afresh."""

    dependencies = [("mail", "0002_queue_messages_and_limit_their_rate")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="trying_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="trying since"),
        ),
    ]
