"""Complaints about an entry in the public list, which anybody can send."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.complaints.models import Complaint as BaseComplaint
from campaign.privacy.encrypted_field import EncryptedTextField


class Complaint(BaseComplaint):
    """A visitor's statement that a community shouldn't be named, or that its entry is wrong.

    The columns keep the names that the previous release knows, because both run side by side during an upgrade.
    """

    about = EncryptedTextField(_("which entry"))
    words = EncryptedTextField(_("what is wrong"), db_column="text")
    asked_at = models.DateTimeField(
        _("received"), default=timezone.now, db_index=True, editable=False, db_column="sent_at"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False, db_column="closed_at")

    class Meta(BaseComplaint.Meta):
        verbose_name = _("complaint about an entry")
        verbose_name_plural = _("complaints about entries")
        indexes = [models.Index(fields=["asked_at"], condition=Q(answered_at=None), name="complaints_open")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"
