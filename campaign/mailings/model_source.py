"""A source whose recipients are rows of a model with an encrypted address."""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Cast

from campaign.mailings.sources import Source
from campaign.privacy import crypto

BATCH = 1000


class ModelSource(Source):
    """A source that reads the rows of `model` in batches, in the order of their keys.

    Each batch is a query of its own, so no query stays open while a mailing is filled. Rows that can't be decrypted
    are left out.
    """

    model: ClassVar[Any]
    field: ClassVar[str] = "email"

    def wanted(self) -> QuerySet[Any]:
        """Return the rows of people who want this now."""
        raise NotImplementedError

    def parts(self, key: str, codes: Collection[str] | None) -> Iterator[QuerySet[Any]]:
        """Yield querysets that together make up the audience `key` in these constituencies. Each can use an index."""
        raise NotImplementedError

    def recipients(self, key: str, codes: Collection[str] | None) -> Iterator[tuple[UUID, str]]:
        for rows in self.parts(key, codes):
            yield from self._read(rows)

    def addresses(self, rows: Collection[UUID]) -> dict[UUID, str]:
        return dict(self._opened(self._sealed(self.wanted().filter(pk__in=rows))))

    def address(self, row: UUID) -> str | None:
        found = self._sealed(self.model.objects.filter(pk=row))
        return next((address for _key, address in self._opened(found)), None)

    def _read(self, rows: QuerySet[Any]) -> Iterator[tuple[UUID, str]]:
        """Yield the key and normalised address of each row, in the order of the keys."""
        ordered = rows.order_by("pk")
        batch = self._sealed(ordered[:BATCH])
        while batch:
            yield from self._opened(batch)
            batch = self._sealed(ordered.filter(pk__gt=batch[-1][0])[:BATCH])

    def _sealed(self, rows: QuerySet[Any]) -> list[tuple[UUID, Any]]:
        """Return the key and the encrypted address of each row that has one."""
        return list(rows.annotate(sealed=Cast(self.field, BinaryField())).values_list("pk", "sealed"))

    def _opened(self, sealed: list[tuple[UUID, Any]]) -> Iterator[tuple[UUID, str]]:
        """Yield the key and address of each row whose address can be decrypted."""
        purpose = self.model._meta.get_field(self.field).purpose
        for key, value in sealed:
            try:
                yield key, crypto.decrypt(bytes(value or b""), purpose)
            except crypto.DecryptionError:
                continue


def number_in(key: str) -> int | None:
    """Return the number in the key of an audience: 12 for "pledges.signers:12", None for "pledges.signers".

    Raises ValueError if there is something else after the colon.
    """
    number = key.partition(":")[2]
    return int(number) if number else None
