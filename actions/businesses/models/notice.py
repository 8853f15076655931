"""Notices to a company before we publish something that speaks against it. Delivery starts its time to reply."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
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
# How long the link in a notice works after the last day to reply.
LINK_WORKS_FOR = timedelta(days=30)
MAX_SENDERS = 20


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Queries for notices."""

    def delivered(self) -> Self:
        """Return the notices that a mail server has accepted, and whose delivery isn't in the ledger yet."""
        sent = Message.objects.sent().filter(kind=TO_COMPANY, object_id=OuterRef("pk"))
        return self.filter(Exists(sent), entered_at=None).select_related("brand", "about")

    def answerable(self, now: datetime) -> Self:
        """Return the notices to an address whose links for a reply haven't expired at `now` (aware)."""
        oldest = timezone.localdate(now) - LINK_WORKS_FOR
        works = Q(until__gte=oldest) | Q(until=None, made_at__gte=now - LINK_WORKS_FOR - timedelta(MAX_REPLY_DAYS))
        return self.filter(works).exclude(recipient=None)

    def by_token(self, token: str, now: datetime) -> "Notice | None":
        """Return the notice whose link has this token, or None once the link has expired at `now` (aware).

        The link also stops working when the company's contact address changes: only the people we wrote to may reply.
        """
        found = self.answerable(now).filter(token_hash=crypto.token_hash(token))
        notice = found.select_related("brand", "about").first()
        return notice if notice and notice.went_to_the_company else None


class Notice(models.Model):
    """A letter to a company, as an organiser edited it, and whether the ledger has recorded its delivery.

    A notice that an organiser delivers has no recipient. Its reply link doesn't work, because the organiser could use
    it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="notices", verbose_name=_("brand"))
    about = models.ForeignKey(Entry, models.DO_NOTHING, related_name="notices", verbose_name=_("about"))
    subject = models.CharField(_("subject"), max_length=150, help_text=_("The subject of the message to the company."))
    text = models.TextField(_("letter"), max_length=5000, help_text=_("What the company reads."))
    recipient = EncryptedTextField(_("recipient’s address"))
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
        """Save the notice. A new one gets the number of days to reply that it promises, and its link's token hash."""
        if self._state.adding:
            self.reply_days, self.token_hash = self.brand.reply_days, crypto.token_hash(self.token)
        super().save(**kwargs)

    @property
    def token(self) -> str:
        """Return the secret part of the link for a reply. Only its hash is stored."""
        return crypto.token(str(self.pk), "businesses.notice.reply")

    @property
    def went_to_the_company(self) -> bool:
        """Return whether it was written to the current contact address, at one of the company's own domains.

        Without a contact address, anybody who has sent a published commitment is a contact, not only the newest sender.
        """
        recipient = self.recipient or ""
        return recipient in _contacts(self.brand) and is_own_address(self.brand, recipient)

    @property
    def link_works_until(self) -> date | None:
        """Return the last day on which the link for a reply works, or None while the delivery isn't recorded."""
        return self.until + LINK_WORKS_FOR if self.until else None

    @property
    def recipients_domain(self) -> str:
        """Return the domain of the address that it is mailed to, or "" if an organiser delivers it."""
        return domain(self.recipient or "")

    def last_day(self, delivered_at: datetime) -> date:
        """Return the last day to reply if the notice is delivered at the given time (aware)."""
        deadline = self.about.steps.filter(kind=Kind.DEADLINE).order_by("-recorded_at", "-pk").first()
        return self.brand.last_day_to_reply(delivered_at, deadline.until if deadline else None, self.reply_days)

    @transaction.atomic
    def mail_to(self, address: str, now: datetime) -> None:
        """Queue the message to this address at `now` (aware)."""
        self.recipient = address
        self.save(update_fields=["recipient"])
        self.send(now)

    def send(self, now: datetime) -> None:
        """Queue the message to the company's contact address at `now` (aware)."""
        Message.objects.create(kind=TO_COMPANY, object_id=self.pk, due_at=now)

    def record_delivery(self, now: datetime) -> Entry:
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
    """Return the address to which the site mails notices, or None if it isn't at one of the company's own domains.

    It is the contact address or, if there is none, that of the person who sent the company's newest published
    commitment, which most organisers can't see. An address elsewhere could be an organiser's own, and the time to
    reply would begin without the company.
    """
    address = next(iter(_contacts(brand)), None)
    return address if address and is_own_address(brand, address) else None


def _contacts(brand: Brand) -> list[str]:
    """Return the contact address or, if there is none, those of the senders of published commitments, newest first."""
    if brand.contact:
        return [brand.contact]
    sent = brand.commitment_offers.exclude(entry=None).order_by("-decided_at")[:MAX_SENDERS]
    return [offer.email for offer in sent if offer.email]
