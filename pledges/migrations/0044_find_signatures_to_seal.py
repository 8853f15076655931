from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

# A build that was interrupted leaves an index behind, perhaps an invalid one.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS signatures_to_seal"
TO_SEAL = (
    (Q(visibility="private") & ~Q(name=None, organisation=None))
    | (Q(visibility="public") & ~Q(name=None) & (~Q(shown_name=None) | Q(kind="organisation")))
    | (~Q(state="pending") & Q(updates=False) & ~Q(email=None))
)


class Migration(migrations.Migration):
    """Check old rows, and index those that are not sealed yet, while people keep signing."""

    atomic = False

    dependencies = [("pledges", "0043_count_only_seals_nobody")]

    operations = [
        ValidateConstraint("signature", "count_only_seals_nobody"),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "signature", models.Index(fields=["signed_at"], condition=TO_SEAL, name="signatures_to_seal")
        ),
    ]
