"""The base of every complaint about an entry. Each app adds a reference to the entry."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.network.daily_limit import LimitedByDay
from campaign.privacy.encrypted_field import EncryptedTextField


class ComplaintQuerySet(LimitedByDay, models.QuerySet["Complaint"]):
    """Queries for complaints."""

    def waiting(self) -> Self:
        """Return complaints without an answer, oldest first."""
        return self.filter(answered_at=None).order_by("asked_at", "pk")


class Complaint(models.Model):
    """A visitor's statement that an entry is wrong. It is encrypted, and only organisers read it."""

    answer_kind: ClassVar[str] = ""  # the kind of message with the answer, if the site mails it

    words = EncryptedTextField(_("what is wrong"))
    email = EncryptedTextField(_("e-mail address"))
    network = models.BinaryField(max_length=16, null=True, editable=False)
    asked_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    objects: ClassVar[Any] = ComplaintQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-asked_at"]


def complaint_models() -> list[Any]:
    """Return every app's model of complaints."""
    return [model for model in apps.get_models() if issubclass(model, Complaint)]
