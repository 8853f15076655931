"""Offers that people send with the public forms. The sender confirms by mail; then an organiser decides.

An offer keeps its sender's details, encrypted, until a stated time after its last activity. What an organiser publishes
is a separate row (`Endorsement`, `Entry`), which names nobody.
"""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.brand import Brand
from actions.businesses.models.call import CallToAction
from actions.businesses.models.domains import own_domains
from actions.businesses.models.endorsement import Endorsement
from actions.businesses.models.entry import Entry
from actions.businesses.models.kinds import Kind, Level
from campaign.confirming.models import BETWEEN_MESSAGES, ConfirmedByMail, ConfirmedByMailQuerySet
from campaign.email_addresses.canonical import domain
from campaign.email_addresses.registrable import registrable
from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.mail.models import Message
from campaign.network.daily_limit import DAY, LimitedByDay
from campaign.privacy.encrypted_field import EncryptedTextField

ENDORSE, COMMIT, MANAGE = "businesses.endorse", "businesses.commit", "businesses.manage"
OFFERED_LEVELS = (Level.FULL, Level.PARTIAL)
# How long a company's link works: for the commitment's twelve months, and a month to tell us how they went.
LINK_WORKS_FOR = timedelta(days=400)


class OfferQuerySet(LimitedByDay, ConfirmedByMailQuerySet):
    """Queries for offers."""

    max_from_network = 5


class Offer(ConfirmedByMail):
    """Something offered on behalf of an organisation or a company, with the sender's name and role."""

    name = EncryptedTextField(_("name"))
    role = EncryptedTextField(_("role"))
    network = models.BinaryField(max_length=16, null=True, editable=False)
    active_at = models.DateTimeField(_("last activity"), editable=False)

    objects: ClassVar[Any] = OfferQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def ask(cls, email: str, now: datetime, **values: Any) -> bool:
        return super().ask(email, now, active_at=now, message_at=cls._next_message_at(email, now), **values)

    @classmethod
    def _next_message_at(cls, email: str, now: datetime) -> datetime:
        """Return when the next message to a normalised address may go out (aware): ten minutes after the last one.

        Each offer needs a message, because each has its own link, and anybody can type somebody else's address.
        """
        recent = cls.objects.from_address(email).filter(asked_at__gt=now - DAY)
        last = recent.aggregate(last=models.Max("message_at"))["last"]
        return max(now, last + BETWEEN_MESSAGES) if last else now

    def become_confirmed(self, now: datetime) -> None:
        self.active_at = now


class EndorsementOffer(Offer):
    """An organisation's endorsement of the call. Once it is confirmed, it waits among the endorsements for a check."""

    confirmation_kind = ENDORSE

    call = models.ForeignKey(CallToAction, models.CASCADE, related_name="+", verbose_name=_("call to action"))
    version = models.PositiveIntegerField(_("version number"), null=True)
    organisation = models.CharField(_("organisation"), max_length=150)
    website = HttpsField(_("website"), validators=[HTTPS_ONLY], blank=True)
    endorsement = models.ForeignKey(
        Endorsement, models.CASCADE, null=True, related_name="offers", verbose_name=_("endorsement")
    )

    objects: ClassVar[Any] = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offered endorsement")
        verbose_name_plural = _("offered endorsements")
        default_permissions = ()
        indexes = [models.Index(fields=["active_at"], name="endorsement_offers_idle")]

    def __str__(self) -> str:
        return self.organisation

    def become_confirmed(self, now: datetime) -> None:
        """Add the endorsement, unless the same address has already endorsed the call for the same organisation."""
        super().become_confirmed(now)
        same = {"call": self.call_id, "organisation__iexact": self.organisation, "endorsement__isnull": False}
        earlier = EndorsementOffer.objects.filter(email_hash=self.email_hash, **same).first()
        self.endorsement = earlier.endorsement if earlier else self._new_endorsement(now)

    def _new_endorsement(self, now: datetime) -> Endorsement:
        fields = {"organisation": self.organisation, "website": self.website, "version": self.version}
        return Endorsement.objects.create(call_id=self.call_id, asked_at=now, **fields)


class CommitmentOfferQuerySet(OfferQuerySet):
    """Queries for offered commitments."""

    def waiting(self) -> Self:
        """Return the confirmed offers that no organiser has decided on, oldest first."""
        return self.confirmed().filter(decided_at=None).order_by("confirmed_at")


class CommitmentOffer(Offer):
    """A company's commitment in its own words, from an address at its own domain. An organiser publishes or refuses it.

    `domain` is the registered part of that address. A brand that isn't on the list is named in `company`; an organiser
    adds the brand, and chooses it here.
    """

    confirmation_kind = COMMIT

    brand = models.ForeignKey(
        Brand, models.CASCADE, null=True, blank=True, related_name="commitment_offers", verbose_name=_("brand")
    )
    company = models.CharField(_("company"), max_length=150, blank=True)
    website = HttpsField(_("website"), validators=[HTTPS_ONLY], blank=True)
    domain = models.CharField(_("domain of the address"), max_length=253)
    level = models.CharField(_("level of commitment"), max_length=7, choices=Level)
    words = models.TextField(_("the company’s own words"), max_length=2000)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    entry = models.ForeignKey(Entry, models.DO_NOTHING, null=True, related_name="+", verbose_name=_("entry"))

    objects: ClassVar[Any] = CommitmentOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offered commitment")
        verbose_name_plural = _("offered commitments")
        ordering = ["-asked_at"]
        default_permissions = ("view",)
        permissions = [("see_senders", _("Can see who sent an endorsement, a commitment, a reply or a complaint"))]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=OFFERED_LEVELS), name="offer_of_a_commitment"),
            models.CheckConstraint(condition=Q(brand__isnull=False) | ~Q(company=""), name="offer_names_a_company"),
        ]
        indexes = [
            models.Index(fields=["active_at"], name="commitment_offers_idle"),
            models.Index(
                fields=["confirmed_at"],
                condition=Q(confirmed_at__isnull=False, decided_at=None),
                name="commitment_offers_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.company or str(self.brand)

    @property
    def audit_title(self) -> str:
        """Return the company's name for the audit log."""
        return str(self)

    def become_confirmed(self, now: datetime) -> None:
        """Queue the message with the link by which the company can reply later."""
        super().become_confirmed(now)
        Message.objects.create(kind=MANAGE, object_id=self.pk, due_at=now)

    @property
    def link_works_until(self) -> date:
        """Return the last day on which a confirmed offer's link for replies works."""
        return timezone.localdate((self.confirmed_at or self.asked_at) + LINK_WORKS_FOR)

    def fits(self, brand: Brand) -> bool:
        """Return whether the sender's address is at one of the brand's own domains."""
        return self.domain in own_domains(brand)

    @transaction.atomic
    def publish(self, brand: Brand, by: User, now: datetime) -> Entry | None:
        """Add the commitment to the brand's ledger at `now` (aware), for another organiser to check; return the entry.

        Return None, and do nothing, if the offer has already been decided on, or if the address isn't at one of the
        brand's own domains.
        """
        offer = CommitmentOffer.objects.waiting().select_for_update().filter(pk=self.pk).first()
        if offer is None or not offer.fits(brand):
            return None
        made_on = timezone.localdate(offer.confirmed_at)
        entry = brand.record(Kind.COMMITMENT, by, level=offer.level, quotation=offer.words, happened_on=made_on)
        CommitmentOffer.objects.filter(pk=self.pk).update(brand=brand, entry=entry, decided_at=now, active_at=now)
        return entry

    def refuse(self, now: datetime) -> bool:
        """Record at `now` (aware) that this won't be published; return False if it has already been decided on."""
        waiting = CommitmentOffer.objects.waiting().order_by().filter(pk=self.pk)
        return bool(waiting.update(decided_at=now, active_at=now))


def domain_of_address(email: str) -> str:
    """Return the registered part of a normalised address's domain, or "" without one."""
    return registrable(domain(email))
