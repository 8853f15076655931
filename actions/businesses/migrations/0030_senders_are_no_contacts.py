"""Erase the contact addresses that the site itself copied from the senders of commitments.

Every editor sees a brand's contact address. The site still mails notices to the sender, whose address only organisers
with the right to see senders can read. A contact address that an organiser has entered or changed since stays.
"""

from django.db import migrations
from django.db.models import Exists, OuterRef


def erase_copied(apps, schema_editor):
    """Erase each address that was set in the moment in which a commitment was published."""
    published = apps.get_model("businesses.CommitmentOffer").objects.filter(
        brand=OuterRef("pk"), entry__isnull=False, decided_at=OuterRef("contact_set_at")
    )
    brands = apps.get_model("businesses.Brand").objects.filter(Exists(published))
    brands.update(contact=None, contact_set_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("businesses", "0029_plainer_words"),
    ]

    # Backwards, the previous release asks organisers for an address, or to deliver notices themselves.
    operations = [migrations.RunPython(erase_copied, migrations.RunPython.noop)]
