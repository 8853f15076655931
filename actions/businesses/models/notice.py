"""Notices to a company before we publish something against it. Its time to reply starts with the delivery."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.brand import MAX_REPLY_DAYS, MIN_REPLY_DAYS, Brand
from actions.businesses.models.domains import is_own_address
from actions.businesses.models.entry import Entry
from actions.businesses.models.kinds import Kind
from campaign.email_addresses.canonical import domain
from campaign.mail.models import Message
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField

TO_COMPANY, TO_ORGANISERS = "businesses.notice", "businesses.deadline"
# How long the link for a reply works after the last day to reply.
LINK_WORKS_FOR = timedelta(days=30)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Queries for notices."""

    def delivered(self) -> Self:
        """Return the mailed notices that a mail server has accepted and that the ledger doesn't have yet."""
        sent = Message.objects.sent().filter(kind=TO_COMPANY, object_id=OuterRef("pk"))
        return self.filter(Exists(sent), entered_at=None).select_related("brand", "about")

    def by_token(self, token: str, now: datetime) -> "Notice | None":
        """Return the notice whose link has this token, or None once the link has expired at `now` (aware).

        The link also ends when the company's contact address changes: a reply has to come from those we wrote to.
        """
        oldest = timezone.localdate(now) - LINK_WORKS_FOR
        works = Q(until__gte=oldest) | Q(until=None, made_at__gte=now - LINK_WORKS_FOR - timedelta(MAX_REPLY_DAYS))
        found = self.filter(works, token_hash=crypto.token_hash(token)).select_related("brand", "about").first()
        return found if found and found.went_to_the_company else None


class Notice(models.Model):
    """A letter to a company as an organiser edited it, and whether the ledger has recorded its delivery."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="notices", verbose_name=_("brand"))
    about = models.ForeignKey(Entry, models.DO_NOTHING, related_name="notices", verbose_name=_("about"))
    subject = models.CharField(_("subject"), max_length=150, help_text=_("The subject of the message to the company."))
    text = models.TextField(_("letter"), max_length=5000, help_text=_("What the company reads."))
    recipient = EncryptedTextField(_("address written to"))
    reply_days = models.PositiveSmallIntegerField(_("days to reply"), default=MIN_REPLY_DAYS, db_default=MIN_REPLY_DAYS)
    until = models.DateField(_("last day to reply"), null=True, editable=False)
    token_hash = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
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

    def save(self, **kwargs: Any) -> None:
        """Save it. A new notice notes how many days to reply it promises, and the hash of its link."""
        if self._state.adding:
            self.reply_days, self.token_hash = self.brand.reply_days, crypto.token_hash(self.token)
        super().save(**kwargs)

    @property
    def token(self) -> str:
        """Return the secret in the link for a reply; only its hash is stored."""
        return crypto.token(str(self.pk), "businesses.notice.reply")

    @property
    def went_to_the_company(self) -> bool:
        """Return whether it is to the contact address that we have now, at one of the company's own domains."""
        return self.recipient is not None and self.recipient == address_for_notices(self.brand)

    @property
    def link_works_until(self) -> date | None:
        """Return the last day on which the link for a reply works, or None while the delivery isn't recorded."""
        return self.until + LINK_WORKS_FOR if self.until else None

    @property
    def recipients_domain(self) -> str:
        """Return the domain of the address written to, or "" if the notice isn't mailed."""
        return domain(self.recipient or "")

    def last_day(self, delivered_at: datetime) -> date:
        """Return the last day to reply if the notice is delivered then (aware)."""
        deadline = self.about.steps.filter(kind=Kind.DEADLINE).order_by("-recorded_at", "-pk").first()
        return self.brand.last_day_to_reply(delivered_at, deadline.until if deadline else None, self.reply_days)

    def send(self, now: datetime) -> None:
        """Queue the message to the company's contact address at `now` (aware)."""
        Message.objects.create(kind=TO_COMPANY, object_id=self.pk, due_at=now)

    def enter(self, now: datetime) -> Entry:
        """Record in the ledger at `now` (aware) that the notice has been delivered; return the entry."""
        self.entered_at, self.until = now, self.last_day(now)
        entry = self.brand.record(
            Kind.NOTICE,
            about=self.about,
            notice=self.pk,
            until=self.until,
            happened_on=timezone.localdate(now),
            recorded_at=now,
        )
        self.save(update_fields=["entered_at", "until"])
        return entry


def address_for_notices(brand: Brand) -> str | None:
    """Return the company's contact address, or None if there is none or it isn't at one of the company's own domains.

    Anybody who edits brands can enter any address there, and the time to reply begins when the message is delivered.
    """
    return brand.contact if brand.contact and is_own_address(brand, brand.contact) else None
