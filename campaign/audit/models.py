"""The rows of the audit log, and the chain of hashes that shows whether any has been changed or removed.

Triggers make both tables append-only (migration 0002), even for a superuser.
"""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.append_only.sealed import Link, Sealed, new_salt
from campaign.audit.acts import act_choices
from campaign.audit.detail import in_words

# Migrations import `new_salt` from this module.
__all__ = ["AuditEntry", "AuditLink", "new_salt"]


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Queries for entries."""

    def about(self, row: models.Model) -> Self:
        """Return the entries about this row, newest first."""
        return self.filter(model=row._meta.label_lower, object_id=str(row.pk)).order_by("-pk")

    def of_organisers(self, keys: list[int]) -> Self:
        """Return the entries by the organisers with these keys, and about their accounts, newest first."""
        accounts = models.Q(model=User._meta.label_lower, object_id__in=[str(key) for key in keys])
        return self.filter(models.Q(actor__in=keys) | accounts).order_by("-pk")


class AuditEntry(Sealed):
    """One act: who did what to which object, and when.

    The organiser and the object are plain columns, not foreign keys, so deleting them changes nothing here. An entry
    contains no personal data about supporters: `detail` accepts only the keys and values that `campaign.audit.detail`
    allows.
    """

    sealed_time = "at"
    emptied: ClassVar = {"actor": None, "actor_name": "", "model": "", "object_id": "", "title": "", "detail": {}}

    at = models.DateTimeField(_("when"), default=timezone.now)
    act = models.CharField(_("act"), max_length=30, choices=act_choices)
    actor = models.IntegerField(_("key of the organiser"), null=True)
    actor_name = models.CharField(_("organiser"), max_length=150, blank=True)
    model = models.CharField(_("kind of object"), max_length=100, blank=True)
    object_id = models.CharField(_("key of the object"), max_length=64, blank=True)
    title = models.CharField(_("object"), max_length=200, blank=True)
    detail = models.JSONField(_("details"), default=dict)

    objects: ClassVar = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("redact_auditentry", _("Can redact an entry of the audit log, and approve redactions"))]
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

    def sealed_content(self) -> list[Any]:
        return [self.act, self.actor, self.actor_name, self.model, self.object_id, self.title, self.detail]


class AuditLink(Link):
    """One link in the audit log's chain."""
