"""A check that the hash key is still the one used for the stored hashes.

With another key, signers would not be found by their addresses: they could sign twice, and we would write to people who
asked us not to. So the database stores four bytes that identify the key and reveal nothing about it.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from campaign.privacy import crypto
from campaign.privacy.models import HashKeyMark


def remember(**_signal: Any) -> None:
    """Store the fingerprint of the key, once, after the first migration."""
    HashKeyMark.objects.get_or_create(pk=1, defaults={"mark": crypto.hash_key_mark()})


def is_unchanged() -> bool:
    """Return whether the key is the one whose fingerprint was stored, or no fingerprint has been stored."""
    return not HashKeyMark.objects.exclude(mark=crypto.hash_key_mark()).exists()


@register(Tags.database)
def check_hash_key(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Stop `migrate` and `check --database default` before anything is stored under another key."""
    if not databases or HashKeyMark._meta.db_table not in connection.introspection.table_names() or is_unchanged():
        return []
    what = "HASH_KEY (unset: the last of FIELD_KEYS) is not the key that the hashes in this database were made with."
    hint = "Set HASH_KEY to the key that was the last of FIELD_KEYS when the site was first set up."
    return [Error(what, hint=hint, id="privacy.E001")]
