from django.db import migrations

BESIDE = 5  # between two rows, which are ten apart


def add_row(apps, schema_editor):
    """Put the new section after the call to businesses. Visitors see it only once the home page is published again."""
    section = apps.get_model("pages", "HomeSection")
    for call in section.objects.filter(kind="call"):
        defaults = {"order": call.order + BESIDE, "shown": call.shown}
        section.objects.get_or_create(site_id=call.site_id, kind="communities", defaults=defaults)


class Migration(migrations.Migration):

    dependencies = [("pages", "0017_section_for_communities")]

    operations = [migrations.RunPython(add_row, migrations.RunPython.noop)]
