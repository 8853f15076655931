"""Notices to a company before we publish something against it. Its time to reply starts with the delivery."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.brand import Brand
from actions.businesses.models.entry import Entry
from actions.businesses.models.kinds import Kind
from campaign.mail.models import Message

TO_COMPANY, TO_ORGANISERS = "businesses.notice", "businesses.deadline"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Queries for notices."""

    def delivered(self) -> Self:
        """Return the mailed notices that a mail server has accepted and that the ledger doesn't have yet."""
        sent = Message.objects.sent().filter(kind=TO_COMPANY, object_id=OuterRef("pk"))
        return self.filter(Exists(sent), entered_at=None).select_related("brand", "about")


class Notice(models.Model):
    """A letter to a company as an organiser edited it, and whether the ledger has recorded its delivery."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="notices", verbose_name=_("brand"))
    about = models.ForeignKey(Entry, models.DO_NOTHING, related_name="notices", verbose_name=_("about"))
    subject = models.CharField(_("subject"), max_length=150, help_text=_("The subject of the message to the company."))
    text = models.TextField(_("letter"), max_length=5000, help_text=_("What the company reads."))
    made_at = models.DateTimeField(_("written"), default=timezone.now)
    entered_at = models.DateTimeField(_("delivery recorded"), null=True, editable=False)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to a company")
        verbose_name_plural = _("notices to companies")
        ordering = ["-made_at"]
        default_permissions = ()
        indexes = [models.Index(fields=["made_at"], condition=Q(entered_at=None), name="notices_not_entered")]

    def __str__(self) -> str:
        return self.subject

    def send(self, now: datetime) -> None:
        """Queue the message to the company's contact address at `now` (aware)."""
        Message.objects.create(kind=TO_COMPANY, object_id=self.pk, due_at=now)

    def enter(self, now: datetime) -> Entry:
        """Record in the ledger at `now` (aware) that the notice has been delivered; return the entry."""
        deadline = self.about.steps.filter(kind=Kind.DEADLINE).order_by("-recorded_at", "-pk").first()
        entry = self.brand.record(
            Kind.NOTICE,
            about=self.about,
            notice=self.pk,
            until=self.brand.last_day_to_reply(now, deadline.until if deadline else None),
            happened_on=timezone.localdate(now),
            recorded_at=now,
        )
        self.entered_at = now
        self.save(update_fields=["entered_at"])
        return entry
