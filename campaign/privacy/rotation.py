"""Encrypting with a new key what was encrypted with an older one, while the site runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField

BATCH = 500

# Rows that somebody else holds are left for the next round; a value that has changed meanwhile is newer than ours.
READ = """SELECT {key}, {column} FROM {table}
WHERE {key} > %s AND substring({column} FROM 1 FOR 4) <> %s ORDER BY {key} LIMIT %s FOR UPDATE SKIP LOCKED"""
FIRST = READ.replace("{key} > %s AND ", "")
WRITE = "UPDATE {table} SET {column} = %s WHERE {key} = %s"
LEFT = "SELECT count(*) FROM {table} WHERE substring({column} FROM 1 FOR 4) <> %s"


@dataclass
class Rotation:
    """One encrypted column, and what came of it: how many values were changed, and the keys of damaged ones."""

    sealed: EncryptedTextField
    changed: int = 0
    damaged: set[Any] = field(default_factory=set)

    def __str__(self) -> str:
        return self.sealed.purpose

    def left(self) -> int:
        """How many values are sealed with an older key, damaged ones among them."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql(LEFT), [crypto.newest_key_id()])
            return cursor.fetchone()[0]

    def run(self) -> Iterator[int]:
        """Go through the table once, each 500 values in a transaction of their own; give how many each time."""
        last: list[Any] = []
        while found := self._batch(last):
            last = [found[-1]]
            yield len(found)

    @transaction.atomic
    def _batch(self, after: list[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(READ if after else FIRST), [*after, crypto.newest_key_id(), BATCH])
            rows = cursor.fetchall()
            for key, value in rows:
                try:
                    text = crypto.decrypt(bytes(value), self.sealed.purpose)
                except crypto.DecryptionError:
                    self.damaged.add(key)
                else:
                    cursor.execute(self._sql(WRITE), [crypto.encrypt(text, self.sealed.purpose), key])
                    self.changed += 1
        return [key for key, _value in rows]

    def _sql(self, text: str) -> str:
        """The statement for this column; its names are our own."""
        meta = self.sealed.model._meta
        names = {"table": meta.db_table, "key": meta.pk.column, "column": self.sealed.column}
        return text.format(**{name: connection.ops.quote_name(str(value)) for name, value in names.items()})


def rotations() -> list[Rotation]:
    """One for each encrypted column of the site."""
    found: list[models.Field] = [field for model in apps.get_models() for field in model._meta.local_fields]
    return [Rotation(field) for field in found if isinstance(field, EncryptedTextField)]
