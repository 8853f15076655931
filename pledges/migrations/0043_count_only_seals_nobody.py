from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

UNSEALED = models.CheckConstraint(
    condition=~models.Q(visibility="count")
    | models.Q(sealed_name=None, sealed_organisation=None, sealed_email=None),
    name="count_only_seals_nobody",
)


class Migration(migrations.Migration):
    """The database refuses a box with data of somebody who chose "count me only"."""

    dependencies = [("pledges", "0042_sign_again_after_sealing")]

    operations = [AddConstraintNotValid("signature", UNSEALED)]
