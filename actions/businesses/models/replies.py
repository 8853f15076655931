"""Replies that companies send with a mailed link. An organiser publishes each beside what we say about the company."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.brand import Brand
from actions.businesses.models.entry import Entry
from actions.businesses.models.kinds import Kind
from campaign.network.daily_limit import LimitedByDay
from campaign.privacy.encrypted_field import EncryptedTextField


class CompanyReplyQuerySet(LimitedByDay, models.QuerySet["CompanyReply"]):
    """Queries for replies."""

    max_from_network = 5

    def waiting(self) -> Self:
        """Return the replies that no organiser has decided on, oldest first."""
        return self.filter(decided_at=None).order_by("asked_at", "pk")


class CompanyReply(models.Model):
    """A company's reply exactly as typed, with its sender. While it waits, no claim about the brand is published."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="company_replies", verbose_name=_("brand"))
    about = models.ForeignKey(Entry, models.DO_NOTHING, null=True, related_name="+", verbose_name=_("about"))
    words = models.TextField(_("the company’s own words"), max_length=2000)
    name = EncryptedTextField(_("name"))
    role = EncryptedTextField(_("role"))
    network = models.BinaryField(max_length=16, null=True, editable=False)
    asked_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    entry = models.ForeignKey(Entry, models.DO_NOTHING, null=True, related_name="+", verbose_name=_("entry"))

    objects: ClassVar[Any] = CompanyReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply from a company")
        verbose_name_plural = _("replies from companies")
        ordering = ["-asked_at"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["asked_at"], condition=Q(decided_at=None), name="company_replies_waiting")]

    def __str__(self) -> str:
        return str(self.brand)

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save the reply. The ledger records its receipt at once; no deadline passes until organisers decide on it."""
        is_new = self._state.adding
        super().save(**kwargs)
        if is_new:
            self.brand.record(Kind.RECEIVED, about=self.about, details={"reply": self.pk})

    @property
    def audit_title(self) -> str:
        """Return the brand's name for the audit log."""
        return self.brand.title

    def record_decision(self, by: User | None = None) -> None:
        """Record in the ledger that organisers have published or refused the reply."""
        receipt = self.brand.entries.filter(kind=Kind.RECEIVED, details={"reply": self.pk}).first()
        if receipt:
            self.brand.record(Kind.DECIDED, by, about=receipt)

    @transaction.atomic
    def publish(self, by: User, now: datetime) -> Entry | None:
        """Add the reply to the ledger at `now` (aware), for another organiser to check; return the entry.

        Return None if it has already been decided on.
        """
        reply = CompanyReply.objects.waiting().select_for_update(of=("self",)).filter(pk=self.pk).first()
        if reply is None:
            return None
        received_on = timezone.localdate(reply.asked_at)
        entry = reply.brand.record(Kind.REPLY, by, quotation=reply.words, happened_on=received_on)
        CompanyReply.objects.filter(pk=self.pk).update(entry=entry, decided_at=now)
        reply.record_decision(by)
        return entry

    @transaction.atomic
    def refuse(self, now: datetime) -> bool:
        """Record at `now` (aware) that this won't be published; return False if it has already been decided on."""
        is_refused = bool(CompanyReply.objects.filter(pk=self.pk, decided_at=None).update(decided_at=now))
        if is_refused:
            self.record_decision()
        return is_refused
