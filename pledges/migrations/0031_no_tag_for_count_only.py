from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

UNTAGGED = models.CheckConstraint(
    condition=~models.Q(visibility="count") | models.Q(tag=None), name="count_only_has_no_tag"
)


class Migration(migrations.Migration):
    """The database refuses a tag of somebody who chose "count me only": it may stand for a small group."""

    dependencies = [("pledges", "0030_tag_of_each_signature")]

    operations = [AddConstraintNotValid("signature", UNTAGGED)]
