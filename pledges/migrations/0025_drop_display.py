from importlib import import_module

from django.db import migrations

RELEASED = import_module("pledges.migrations.0005_sign_with_name_to_show").AS_BEFORE


class Migration(migrations.Migration):
    """The last release doesn't use `sign_pledge_1` or the column `display`: they served the one before it."""

    dependencies = [("pledges", "0024_sign_a_wording")]

    operations = [
        migrations.RunSQL("DROP FUNCTION sign_pledge_1", RELEASED),
        migrations.RunSQL(
            "ALTER TABLE pledges_signature DROP COLUMN display",
            "ALTER TABLE pledges_signature ADD COLUMN display varchar(7) NOT NULL DEFAULT 'full'",
        ),
    ]
