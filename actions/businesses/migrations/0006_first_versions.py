from django.db import migrations
from django.db.models import Q

from campaign.versions.first import first_versions
from campaign.versions.freezing import Shape

PUBLISHED = frozenset({"slug", "order", "published"})


class Migration(migrations.Migration):

    dependencies = [("businesses", "0005_drafts_and_facts"), ("versions", "0002_append_only")]

    operations = [
        first_versions("businesses.calltoaction", Shape(PUBLISHED), Q(published=True)),
        first_versions("businesses.brand", Shape(PUBLISHED | {"status", "source_url", "as_of"}), Q(published=True)),
    ]
