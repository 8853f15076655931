from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

NEVER_NAMED = dict.fromkeys(("name", "shown_name", "organisation", "role", "link", "town", "name_hash"))
NAMELESS = models.CheckConstraint(
    condition=~models.Q(visibility="count")
    | models.Q(**NEVER_NAMED)
    & (models.Q(state="pending") | models.Q(email=None, domain_hash=None, family_hash=None, network=None)),
    name="count_only_keeps_nobody",
)


def erase_names(apps, schema_editor):
    """Erase the names of pending signatures that only count; confirmed ones have none."""
    apps.get_model("pledges", "Signature").objects.filter(visibility="count", state="pending").update(**NEVER_NAMED)


class Migration(migrations.Migration):
    """The database refuses a name of somebody who chose "count me only", before they confirm as well."""

    dependencies = [("pledges", "0005_sign_with_name_to_show")]

    operations = [
        migrations.RunPython(erase_names, migrations.RunPython.noop),
        migrations.RemoveConstraint("signature", "count_only_keeps_nobody"),
        AddConstraintNotValid("signature", NAMELESS),
    ]
