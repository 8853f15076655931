from django.db import migrations, models


class Migration(migrations.Migration):
    """Say why an address is suppressed. Every row so far is about somebody who asked us."""

    dependencies = [("mail", "0004_right_to_find_people_by_address")]

    operations = [
        migrations.AddField(
            "suppressedaddress",
            "reason",
            models.CharField(
                "reason",
                max_length=8,
                choices=[
                    ("asked", "its owner asked us never to write again"),
                    ("bounced", "a message to it bounced, because there is no such mailbox"),
                    ("spam", "its owner marked our news as spam"),
                ],
                default="asked",
                db_default="asked",
                help_text="A bounce stops all messages. Being marked as spam stops only news. Both lapse after six months.",
            ),
        ),
    ]
