"""Complaints about an entry in the public list, which anybody can send."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.network.daily_limit import LimitedByDay
from campaign.privacy.encrypted_field import EncryptedTextField


class ComplaintQuerySet(LimitedByDay, models.QuerySet["Complaint"]):
    """Queries for complaints."""

    time_field = "sent_at"
    max_in_all = 100

    def open(self) -> Self:
        """Return those that no organiser has marked as dealt with."""
        return self.filter(closed_at=None)


class Complaint(models.Model):
    """A visitor's statement that an entry is wrong. It is encrypted, and only organisers read it."""

    about = EncryptedTextField(_("which entry"))
    text = EncryptedTextField(_("what is wrong"))
    email = EncryptedTextField(_("address for the answer"))
    network = models.BinaryField(max_length=16, null=True, editable=False)
    sent_at = models.DateTimeField(_("received"), db_index=True)
    closed_at = models.DateTimeField(_("dealt with"), null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint about an entry")
        verbose_name_plural = _("complaints about entries")
        ordering = ["-sent_at"]
        indexes = [models.Index(fields=["sent_at"], condition=Q(closed_at=None), name="complaints_open")]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d}"
