"""Complaints that a ledger entry is wrong."""

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.entry import Entry
from actions.businesses.models.kinds import Kind
from campaign.complaints.models import Complaint as BaseComplaint
from campaign.mail.models import Message
from campaign.privacy.encrypted_field import EncryptedTextField

ANSWER = "businesses.answer"


class Complaint(BaseComplaint):
    """Somebody's complaint that a ledger entry is wrong, and the organisers' answer."""

    answer_kind = ANSWER

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="complaints", verbose_name=_("entry"))
    name = EncryptedTextField(_("name"))
    answer = EncryptedTextField(_("answer"))

    class Meta(BaseComplaint.Meta):
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        default_permissions = ("view",)
        permissions = [("handle_complaint", _("Can answer complaints about brands, and hide a claim in the meantime"))]
        indexes = [models.Index(fields=["asked_at"], condition=Q(answered_at=None), name="complaints_unanswered")]

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def audit_title(self) -> str:
        """Return the brand's name for the audit log."""
        return self.entry.brand.title

    @property
    def entry_is_hidden(self) -> bool:
        """Return whether organisers have hidden the entry while they examine complaints about it."""
        now = timezone.now()
        return Entry.objects.filter(Entry.objects.is_hidden(now), pk=self.entry_id).exists()

    def hid_entry(self, user: User) -> bool:
        """Return whether this organiser was the last to hide the entry, so that another one has to show it again."""
        hidden = self.entry.steps.filter(kind=Kind.HIDDEN).order_by("pk").last()
        return hidden is not None and hidden.entered_by == user.pk

    @transaction.atomic
    def send_answer(self, text: str, now: datetime) -> bool:
        """Store the answer, and queue it at `now` (aware). Return False if the complaint has been answered already."""
        waiting = Complaint.objects.waiting().select_for_update(of=("self",)).filter(pk=self.pk).first()
        if waiting is None:
            return False
        waiting.answer, waiting.answered_at = text, now
        waiting.save(update_fields=["answer", "answered_at"])
        Message.objects.create(kind=ANSWER, object_id=waiting.pk, due_at=now)
        return True

    def hide_entry(self, by: User) -> Entry:
        """Hide the claim while organisers examine it; return the step. One organiser may do this alone.

        Hiding a claim is in the company's favour. The database refuses to hide anything else, because an older and
        worse status could return.
        """
        return self.entry.brand.record(Kind.HIDDEN, by, about=self.entry)

    def show_entry(self, by: User) -> Entry:
        """Show the entry again; return the step. The database refuses this if the same organiser hid it."""
        return self.entry.brand.record(Kind.SHOWN, by, about=self.entry)
