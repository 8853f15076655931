"""Give the organisers of an existing site the new sections to choose from: they have a place, but aren't shown."""

from django.db import migrations
from django.db.models import Max

KINDS = ["updates", "growth", "quotation", "map", "partners"]
STEP = 10


def add_rows(apps, schema_editor):
    """Add the sections that a site lacks after its last one. Visitors see no change."""
    section = apps.get_model("pages", "HomeSection")
    for site in apps.get_model("pages", "SiteSettings").objects.all():
        last = section.objects.filter(site=site).aggregate(last=Max("order"))["last"] or 0
        for number, kind in enumerate(KINDS, 1):
            fields = {"order": last + number * STEP, "shown": False}
            section.objects.get_or_create(site=site, kind=kind, defaults=fields)


class Migration(migrations.Migration):

    dependencies = [("pages", "0028_picture_beside_the_headline")]

    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
