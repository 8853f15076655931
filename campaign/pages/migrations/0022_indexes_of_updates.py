"""Index the newest updates, and the updates about one object."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0021_updates'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='page',
            index=models.Index(condition=models.Q(('posted_on__isnull', False)), fields=['-posted_on', '-id'], name='newest_updates'),
        ),
        migrations.AddIndex(
            model_name='page',
            index=models.Index(condition=models.Q(('about', ''), _negated=True), fields=['about', '-posted_on'], name='updates_about'),
        ),
    ]
