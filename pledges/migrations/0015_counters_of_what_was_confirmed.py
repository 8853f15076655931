from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0014_bulk_invalidations_wait_and_pledges_start_unpublished'),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('key', models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('confirmed', models.PositiveIntegerField()),
                ('held', models.PositiveIntegerField()),
            ],
        ),
        # Neither an archive of the write-ahead log nor a replica ever sees it.
        # https://www.postgresql.org/docs/current/sql-createtable.html, "UNLOGGED"
        migrations.RunSQL('ALTER TABLE pledges_activity SET UNLOGGED', migrations.RunSQL.noop),
    ]
