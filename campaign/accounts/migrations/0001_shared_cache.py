"""The table of the cache that all web processes share: sign-in attempts, and codes already used."""

from django.db import migrations

TABLE = "shared_cache"


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            sql=[
                f"CREATE TABLE {TABLE} (cache_key varchar(255) NOT NULL PRIMARY KEY,"
                " value text NOT NULL, expires timestamp with time zone NOT NULL)",
                f"CREATE INDEX {TABLE}_expires ON {TABLE} (expires)",
            ],
            reverse_sql=f"DROP TABLE {TABLE}",
        )
    ]
