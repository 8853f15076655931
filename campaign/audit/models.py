"""The rows of the audit log, and the chain of hashes that shows whether any has been changed or removed.

Triggers make both tables append-only (migration 0002), even for a superuser.
"""

import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from typing import ClassVar, Self

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import act_choices
from campaign.audit.detail import in_words

SALT_BYTES = 16
HASH_BYTES = 32


def new_salt() -> bytes:
    """Return random bytes, without which nobody can guess a redacted entry from its digest."""
    return os.urandom(SALT_BYTES)


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Queries for entries."""

    def about(self, row: models.Model) -> Self:
        """Return the entries about this row, newest first."""
        return self.filter(model=row._meta.label_lower, object_id=str(row.pk)).order_by("-pk")

    def of_organisers(self, keys: list[int]) -> Self:
        """Return the entries by the organisers with these keys, and about their accounts, newest first."""
        accounts = models.Q(model=User._meta.label_lower, object_id__in=[str(key) for key in keys])
        return self.filter(models.Q(actor__in=keys) | accounts).order_by("-pk")


class AuditEntry(models.Model):
    """One act: who did what to which object, and when.

    The organiser and the object are plain columns, not foreign keys, so deleting them changes nothing here. An entry
    has no personal data of supporters: `detail` accepts only the keys and values that `campaign.audit.detail` allows.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    act = models.CharField(_("act"), max_length=30, choices=act_choices)
    actor = models.IntegerField(_("key of the organiser"), null=True)
    actor_name = models.CharField(_("organiser"), max_length=150, blank=True)
    model = models.CharField(_("kind of object"), max_length=100, blank=True)
    object_id = models.CharField(_("key of the object"), max_length=64, blank=True)
    title = models.CharField(_("object"), max_length=200, blank=True)
    detail = models.JSONField(_("details"), default=dict)
    salt = models.BinaryField(max_length=SALT_BYTES, null=True, default=new_salt)
    digest = models.BinaryField(max_length=HASH_BYTES)
    redacted_at = models.DateTimeField(_("redacted"), null=True)
    redaction_reason = models.CharField(_("reason for the redaction"), max_length=200, blank=True)
    redaction_request = models.BigIntegerField(_("number of the approval"), null=True)

    objects: ClassVar = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("redact_auditentry", _("Can redact an entry of the audit log, and approve that"))]
        indexes = [
            models.Index(fields=["-at"], name="audit_newest"),
            models.Index(fields=["act", "-id"], name="audit_by_act"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["model", "object_id", "-id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_act_display()}"

    @property
    def act_in_words(self) -> str:
        """Return the act's name, or its code if this version of the site doesn't know it."""
        return str(self.get_act_display())

    @property
    def detail_in_words(self) -> str:
        """Return the details as text, such as "fields: title, goal"."""
        return in_words(self.detail)

    def seal(self) -> None:
        """Set the digest, without saving the entry."""
        self.digest = self.expected_digest()

    def expected_digest(self) -> bytes:
        """Return the SHA-256 hash of the salt and everything that a redaction removes, with the act and the time."""
        content = [self.act, self.actor, self.actor_name, self.model, self.object_id, self.title, self.detail]
        text = json.dumps([utc(self.at), *content], sort_keys=True, ensure_ascii=True)
        return sha256(bytes(self.salt or b"") + text.encode()).digest()

    def redact(self, reason: str, request: int, now: datetime) -> None:
        """Remove the organiser, object and details at `now` (aware); keep the act, its time, the reason and the digest.

        The database refuses this unless two people have approved the request with this number.
        """
        AuditEntry.objects.filter(pk=self.pk, redacted_at=None).update(
            actor=None,
            actor_name="",
            model="",
            object_id="",
            title="",
            detail={},
            salt=None,
            redacted_at=now,
            redaction_reason=reason,
            redaction_request=request,
        )


class AuditLink(models.Model):
    """One link of the chain: the hash of an entry together with the hash of the previous link.

    A trigger adds it when the transaction of the entry commits, so links are in the order of commits.
    """

    entry = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    digest = models.BinaryField(max_length=HASH_BYTES)
    previous = models.BinaryField(max_length=HASH_BYTES, unique=True)
    hash = models.BinaryField(max_length=HASH_BYTES, unique=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry}: {bytes(self.hash).hex()[:12]}"

    def expected_hash(self) -> bytes:
        """Return the hash that the trigger should have computed."""
        microseconds = round(self.at.timestamp() * 1_000_000)
        numbers = self.entry.to_bytes(8, "big", signed=True) + microseconds.to_bytes(8, "big", signed=True)
        return sha256(bytes(self.previous) + numbers + bytes(self.digest)).digest()


def utc(at: datetime) -> str:
    """Return a time (aware) in ISO 8601, in UTC and to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
