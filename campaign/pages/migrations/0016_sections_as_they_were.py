from django.db import migrations

# What the home page has shown so far, in order. Visitors see the same as before: the draft alone has rows by now.
KINDS = ["pledge", "letters", "next_protest", "funds", "appeals", "call", "about", "names"]


def add_rows(apps, schema_editor):
    """Give the organisers of a site that exists already the sections to put in order."""
    section = apps.get_model("pages", "HomeSection")
    for site in apps.get_model("pages", "SiteSettings").objects.all():
        for position, kind in enumerate(KINDS, 1):
            section.objects.get_or_create(site=site, kind=kind, defaults={"order": position * 10})


class Migration(migrations.Migration):

    dependencies = [("pages", "0015_sections_of_the_home_page")]

    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
