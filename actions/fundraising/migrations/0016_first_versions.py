from django.db import migrations
from django.db.models import Q

from campaign.versions.first import first_versions
from campaign.versions.freezing import Shape

PUBLISHED = frozenset({"slug", "order", "published"})
FUND = {"payee", "is_open", "target", "registered_name", "registered_number", "charity_name", "language"}
APPEAL = {
    *("url", "name_there", "organiser", "is_checked"),
    *("target", "raised", "supporters", "as_of", "fund", "passed_on"),
}


class Migration(migrations.Migration):

    dependencies = [("fundraising", "0015_drafts_and_facts"), ("versions", "0002_append_only")]

    operations = [
        first_versions("fundraising.fund", Shape(PUBLISHED | FUND), Q(published=True)),
        first_versions("fundraising.appeal", Shape(PUBLISHED | APPEAL, ("demands",)), Q(published=True)),
    ]
