from django.db import migrations
from django.db.models import Q

from campaign.versions.first import first_versions
from campaign.versions.freezing import Shape

PUBLISHED = frozenset({"slug", "order", "published"})


class Migration(migrations.Migration):

    dependencies = [("letters", "0011_drafts_and_facts"), ("versions", "0002_append_only")]

    operations = [
        first_versions("letters.letter", Shape(PUBLISHED, ("wordings", "points", "asks")), Q(published=True)),
    ]
