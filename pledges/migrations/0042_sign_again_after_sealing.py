from importlib import import_module

from django.db import migrations

RELEASED = import_module("pledges.migrations.0033_sign_with_tag")
AS_BEFORE = RELEASED.SIGN_PLEDGE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
# Answers that replace older ones also replace what was sealed of them. This suits the last release too: it seals nothing.
FORGETTING_BOXES = AS_BEFORE.replace(
    "            name_hash = p_name_hash,\n",
    "            name_hash = p_name_hash,\n"
    "            sealed_name = NULL,\n"
    "            sealed_organisation = NULL,\n"
    "            sealed_email = NULL,\n",
)


class Migration(migrations.Migration):
    """Signing again forgets what was sealed of the answers before."""

    dependencies = [("pledges", "0041_sealed_columns")]

    operations = [migrations.RunSQL(FORGETTING_BOXES, AS_BEFORE)]
