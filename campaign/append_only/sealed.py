"""Rows sealed with a digest, and the links of a chain that shows whether any have been changed or removed.

A redaction removes the content that the digest was computed from, but not the digest, so the chain stays intact.
"""

import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

SALT_BYTES = 16
HASH_BYTES = 32


def new_salt() -> bytes:
    """Return random bytes. Without them, nobody can guess a redacted row from its digest."""
    return os.urandom(SALT_BYTES)


def utc(at: datetime) -> str:
    """Return a time (aware) in ISO 8601, in UTC and to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Sealed(models.Model):
    """A row with a digest of its `sealed_content` and of the time in the field named by `sealed_time`."""

    sealed_time: ClassVar[str]  # the name of the field with the time at which the row was added
    emptied: ClassVar[dict[str, Any]]  # what a redaction sets each field of the content to

    salt = models.BinaryField(max_length=SALT_BYTES, null=True, default=new_salt)
    digest = models.BinaryField(max_length=HASH_BYTES)
    redacted_at = models.DateTimeField(_("redacted"), null=True)
    redaction_reason = models.CharField(_("reason for the redaction"), max_length=200, blank=True)
    redaction_request = models.BigIntegerField(_("number of the approval"), null=True)

    class Meta:
        abstract = True

    def sealed_content(self) -> list[Any]:
        """Return the content that only a redaction may change, by removing it, as values that JSON allows."""
        raise NotImplementedError

    @property
    def sealed_at(self) -> datetime:
        """Return the time at which the row was added (aware)."""
        return getattr(self, self.sealed_time)

    def redact(self, reason: str, request: int, now: datetime) -> None:
        """Empty the row at `now` (aware). Its time, its digest and the reason stay, and the fields not in `emptied`.

        The database refuses this unless two people have approved the request with this number.
        """
        type(self)._default_manager.filter(pk=self.pk, redacted_at=None).update(
            **self.emptied, salt=None, redacted_at=now, redaction_reason=reason, redaction_request=request
        )

    @classmethod
    def changed_by_redaction(cls) -> list[str]:
        """Return the names of the fields that `redact` changes."""
        return [*cls.emptied, "salt", "redacted_at", "redaction_reason", "redaction_request"]

    def seal(self) -> None:
        """Set the digest, without saving the row."""
        self.digest = self.expected_digest()

    def expected_digest(self) -> bytes:
        """Return the SHA-256 hash of the salt, the time and the content."""
        text = json.dumps([utc(self.sealed_at), *self.sealed_content()], sort_keys=True, ensure_ascii=True)
        return sha256(bytes(self.salt or b"") + text.encode()).digest()


class Link(models.Model):
    """One link in a chain: the hash of a row together with the hash of the previous link.

    A trigger adds it when the row's transaction commits, so links are in commit order.
    """

    entry = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    digest = models.BinaryField(max_length=HASH_BYTES)
    previous = models.BinaryField(max_length=HASH_BYTES, unique=True)
    hash = models.BinaryField(max_length=HASH_BYTES, unique=True)

    class Meta:
        abstract = True
        default_permissions = ()
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry}: {bytes(self.hash).hex()[:12]}"

    def expected_hash(self) -> bytes:
        """Return the hash that the trigger should have computed."""
        microseconds = round(self.at.timestamp() * 1_000_000)
        numbers = self.entry.to_bytes(8, "big", signed=True) + microseconds.to_bytes(8, "big", signed=True)
        return sha256(bytes(self.previous) + numbers + bytes(self.digest)).digest()
