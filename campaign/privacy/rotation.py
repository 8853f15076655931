"""Re-encrypting with a new key everything that was encrypted with an older one, while the site runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField

BATCH = 500

# Rows that others have locked are left for the next round, so that no value changed in the meantime is overwritten.
READ = """SELECT {key}, {column} FROM {table}
WHERE {key} > %s AND substring({column} FROM 1 FOR 4) <> %s ORDER BY {key} LIMIT %s FOR UPDATE SKIP LOCKED"""
FIRST = READ.replace("{key} > %s AND ", "")
WRITE = "UPDATE {table} SET {column} = %s WHERE {key} = %s"
LEFT = "SELECT count(*) FROM {table} WHERE substring({column} FROM 1 FOR 4) <> %s"


@dataclass
class Rotation:
    """One encrypted column, with the number of values changed, and the primary keys of damaged ones."""

    encrypted: EncryptedTextField
    changed: int = 0
    damaged: set[Any] = field(default_factory=set)

    def __str__(self) -> str:
        return self.encrypted.purpose

    def left(self) -> int:
        """Return how many values are encrypted with an older key, including damaged ones."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql(LEFT), [crypto.newest_key_id()])
            return cursor.fetchone()[0]

    def run(self) -> Iterator[int]:
        """Go through the table once, with a transaction for every 500 values; yield the number changed in each."""
        last: list[Any] = []
        while keys := self._batch(last):
            last = [keys[-1]]
            yield len(keys)

    @transaction.atomic
    def _batch(self, after: list[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(READ if after else FIRST), [*after, crypto.newest_key_id(), BATCH])
            rows = cursor.fetchall()
            for key, value in rows:
                try:
                    text = crypto.decrypt(bytes(value), self.encrypted.purpose)
                except crypto.DecryptionError:
                    self.damaged.add(key)
                else:
                    cursor.execute(self._sql(WRITE), [crypto.encrypt(text, self.encrypted.purpose), key])
                    self.changed += 1
        return [key for key, _value in rows]

    def _sql(self, text: str) -> str:
        """Return the statement for this column, whose names come from our own models."""
        meta = self.encrypted.model._meta
        names = {"table": meta.db_table, "key": meta.pk.column, "column": self.encrypted.column}
        return text.format(**{name: connection.ops.quote_name(str(value)) for name, value in names.items()})


def rotations() -> list[Rotation]:
    """Return a rotation for each encrypted column on the site."""
    found: list[models.Field] = [field for model in apps.get_models() for field in model._meta.local_fields]
    return [Rotation(field) for field in found if isinstance(field, EncryptedTextField)]
