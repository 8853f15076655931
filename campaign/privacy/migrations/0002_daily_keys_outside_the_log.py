from django.db import migrations

# An archive of the write-ahead log, or a replica, must never hold a key: with it, all networks could be tried.
# https://www.postgresql.org/docs/current/sql-createtable.html, "UNLOGGED"
# The keys made so far are in that log, and going back would write the present ones into it: new ones are made.
FORGET = "TRUNCATE privacy_dailykey"


class Migration(migrations.Migration):

    dependencies = [
        ("privacy", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [FORGET, "ALTER TABLE privacy_dailykey SET UNLOGGED"],
            [FORGET, "ALTER TABLE privacy_dailykey SET LOGGED"],
        ),
    ]
