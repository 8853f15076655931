from django.db import migrations


def keep_what_is_shown(apps, schema_editor):
    """Keep each published "first name and initial" as it is shown; hide those that nobody has seen yet."""
    asked = apps.get_model("pledges", "Signature").objects.filter(display="initial", visibility="public", kind="person")
    for signature in asked.exclude(public_name="").only("public_name").iterator():
        signature.shown_name = signature.public_name
        signature.save(update_fields=["shown_name"])
    asked.filter(public_name="").update(visibility="private", public_number=None)


class Migration(migrations.Migration):
    """Nothing is guessed from a name any more: what was guessed and seen stays, the rest becomes private."""

    dependencies = [("pledges", "0003_name_to_show")]

    operations = [
        migrations.RunPython(keep_what_is_shown, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("signature", "display")]),
    ]
