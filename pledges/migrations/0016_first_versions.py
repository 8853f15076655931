from django.db import migrations
from django.db.models import Q

from campaign.versions.first import first_versions
from campaign.versions.freezing import Shape

PUBLISHED = frozenset({"slug", "order", "published"})


class Migration(migrations.Migration):

    dependencies = [("pledges", "0015_drafts_and_facts"), ("versions", "0002_append_only")]

    operations = [
        first_versions("pledges.pledge", Shape(PUBLISHED | {"goal", "closes_at", "on_home_page"}, ("demands",), ("sheets",)), Q(published=True)),
    ]
