"""Whether the key of the hashes is still the one that they were made with.

With another key nobody who signed would be found by their address: they could sign twice, and be written to though they
asked never to be. So the database knows it again, by four bytes that say nothing of it.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from campaign.privacy import crypto
from campaign.privacy.models import HashKeyMark


def remember(**_signal: Any) -> None:
    """Note the key, once: after the first migration."""
    HashKeyMark.objects.get_or_create(pk=1, defaults={"mark": crypto.hash_key_mark()})


def is_the_first() -> bool:
    """Whether it is the key that was noted, or none has been."""
    return not HashKeyMark.objects.exclude(mark=crypto.hash_key_mark()).exists()


@register(Tags.database)
def check_hash_key(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Let `migrate` and `check --database default` stop before anything is stored under another key."""
    if not databases or HashKeyMark._meta.db_table not in connection.introspection.table_names() or is_the_first():
        return []
    what = "HASH_KEY (unset: the last of FIELD_KEYS) is not the key that the hashes in this database were made with."
    hint = "Set HASH_KEY to the key that was the last of FIELD_KEYS when the site was first set up."
    return [Error(what, hint=hint, id="privacy.E001")]
