from django.db import migrations
from django.db.models import Q

from campaign.versions.first import first_versions
from campaign.versions.freezing import Shape

PUBLISHED = frozenset({"slug", "order", "published"})
SEEN = Q(published=True) & (
    Q(language="en") | Q(language__startswith="en-") | Q(checked_by__isnull=False, checked_on__isnull=False)
)
BLOCKS = ("pages_text_set", "pages_fact_set", "pages_action_set")


class Migration(migrations.Migration):

    dependencies = [("pages", "0010_drafts_and_facts"), ("versions", "0002_append_only")]

    operations = [
        first_versions("pages.page", Shape(PUBLISHED | {"translation_of", "checked_by", "checked_on"}, BLOCKS), SEEN),
        first_versions("pages.sitesettings", Shape(frozenset({"publisher_name", "publisher_address", "contact_email"}), ("menu",))),
    ]
