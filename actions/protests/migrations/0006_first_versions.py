from django.db import migrations
from django.db.models import Q

from campaign.versions.first import first_versions
from campaign.versions.freezing import Shape

PUBLISHED = frozenset({"slug", "order", "published"})
FACTS = {
    *("weekday", "start_time", "end_time", "timezone", "venue", "address", "first_on", "last_on"),
    *("confirmed_on", "confirmed_by"),
}


class Migration(migrations.Migration):

    dependencies = [("protests", "0005_drafts_and_facts"), ("versions", "0002_append_only")]

    operations = [
        first_versions("protests.protest", Shape(PUBLISHED | FACTS, (), ("changes",)), Q(published=True)),
    ]
