"""Writing to the audit log. Call `record` in the transaction of the act, as its last step."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, models, transaction

from campaign.audit.acts import Act
from campaign.audit.detail import allowed
from campaign.audit.models import AuditEntry

TITLE_LENGTH = 200
# The same statement runs for every name. If the account doesn't exist, it adds nothing and doesn't fail.
RECORD_IF_KNOWN = """
INSERT INTO {table} ({columns}) SELECT {values} WHERE EXISTS (SELECT FROM auth_user WHERE id = %s)
"""


def record(actor: User | None, act: Act, about: models.Model | type[models.Model] | None = None, **detail: Any) -> None:
    """Add an entry that this organiser, or the site itself (None), did something to a row or to rows of a model.

    Call this in the transaction of the act. `detail` may have the keys and values that `campaign.audit.detail` allows.
    Raises ValueError for any others: the log contains nothing that a supporter or an organiser has typed.
    """
    entry_for(actor, act, about, **detail).save(force_insert=True)


def record_each(actor: User | None, act: Act, rows: Iterable[models.Model]) -> None:
    """Add an entry for each row, as `record` does, in one statement."""
    AuditEntry.objects.bulk_create(entry_for(actor, act, row) for row in rows)


def record_failed_sign_in(user: User | None) -> None:
    """Add an entry if somebody tried to sign in as this organiser. For None, do the same work and add nothing.

    The response doesn't wait for the commit, so it takes no longer for a name that exists.
    """
    entry = entry_for(user, Act.FAIL_SIGN_IN, user)
    entry.actor = entry.actor or 0
    fields = [field for field in AuditEntry._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
    sql = RECORD_IF_KNOWN.format(
        table=AuditEntry._meta.db_table,
        columns=", ".join(f'"{field.column}"' for field in fields),
        values=", ".join(f"%s::{field.cast_db_type(connection)}" for field in fields),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(sql, [*values, user.pk if user else 0])


def entry_for(
    actor: User | None, act: Act, about: models.Model | type[models.Model] | None = None, **detail: Any
) -> AuditEntry:
    """Return an unsaved, sealed entry; the arguments are those of `record`."""
    entry = AuditEntry(act=act, detail=allowed(detail))
    if actor is not None:
        entry.actor, entry.actor_name = actor.pk, actor.get_username()
    if about is not None:
        entry.model = about._meta.label_lower
    if isinstance(about, models.Model):
        entry.object_id, entry.title = str(about.pk)[:64], title_of(about)
    entry.seal()
    return entry


def title_of(row: models.Model) -> str:
    """Return a short title of content or of an account, and "" for anything that may contain a supporter's data.

    Models whose titles are safe to keep for years have the property `audit_title`.
    """
    title = row.get_username() if isinstance(row, User) else getattr(row, "audit_title", "")
    return str(title)[:TITLE_LENGTH]
