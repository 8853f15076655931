from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0016_signatures_held_for_review_by_time'),
    ]

    # Pending signatures were judged when they were signed, by a rule that held people for sharing a network.
    operations = [
        migrations.RunSQL(
            "UPDATE pledges_signature SET doubt = '' WHERE state = 'pending' AND doubt <> ''", migrations.RunSQL.noop
        ),
    ]
