"""Gift Aid declarations: what donors tell the tax office through us, word for word."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.donations import Donation
from campaign.mail.models import Message
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField

DECLARATION = "fundraising.declaration"
ABROAD = "X"  # what HMRC wants for a postcode outside the UK
MAX_TITLE, MAX_NAME, MAX_HOUSE = 4, 35, 40
SECRET = ("title", "first_name", "last_name", "house", "address", "postcode")

# After HMRC's model declarations for single and for multiple donations, as published in October 2015. Whoever changes
# these words changes the version: it is stored beside the words in each declaration.
WORDING_VERSION = "2026-11"
THIS_DONATION = _("I want to Gift Aid my donation, with all its payments if it is monthly, to %(charity)s.")
ALL_DONATIONS = _(
    "I want to Gift Aid my donation and any donations I make in the future or have made in the past 4 years "
    "to %(charity)s."
)
TAXPAYER = _(
    "I am a UK taxpayer and understand that if I pay less Income Tax and/or Capital Gains Tax than the amount of "
    "Gift Aid claimed on all my donations in that tax year it is my responsibility to pay any difference."
)


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    """Questions about declarations, and what is done to many."""

    def readable(self) -> Self:
        """Those whose names and addresses are still kept."""
        return self.exclude(last_name=None)

    def by_token(self, token: str) -> Self:
        """The one that the link with this token is about."""
        return self.filter(token_hash=crypto.token_hash(token))

    def cancel(self, now: datetime) -> int:
        """Let them cover nothing that is paid after `now` (aware); return how many were not cancelled before."""
        return self.filter(cancelled_at=None).update(cancelled_at=now)

    def replace(self, donation: Donation, declaration: "Declaration | None") -> None:
        """Store what the donor's last form says, in place of an earlier one, for as long as nothing was charged."""
        with transaction.atomic():
            Donation.objects.select_for_update().get(pk=donation.pk)
            if donation.payments.exists():
                return
            self.filter(donation=donation).delete()
            if declaration:
                declaration.save(force_insert=True)

    def erase_personal_data(self) -> int:
        """Erase who made them. What was claimed by them stays on record, as sums."""
        erased: dict[str, Any] = dict.fromkeys((*SECRET, "token_hash"))
        return self.readable().update(**erased)


class Declaration(models.Model):
    """What one donor declared with one gift, who they are, and where they live."""

    class Scope(models.TextChoices):
        THIS = "this", _("this gift")
        ALL = "all", _("this gift, later ones, and those of the four years before")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donation = models.OneToOneField(
        Donation, models.CASCADE, related_name="declaration", verbose_name=_("donation"), editable=False
    )
    title = EncryptedTextField(_("title"))
    first_name = EncryptedTextField(_("first name"))
    last_name = EncryptedTextField(_("last name"))
    house = EncryptedTextField(_("house name or number"))
    address = EncryptedTextField(_("rest of the home address"))
    postcode = EncryptedTextField(_("postcode"))
    scope = models.CharField(_("for"), max_length=4, choices=Scope)
    charity_name = models.CharField(_("charity"), max_length=160)
    wording = models.TextField(_("words"))
    wording_version = models.CharField(_("version of the words"), max_length=20)
    made_at = models.DateTimeField(_("made"))
    copy_sent_at = models.DateTimeField(_("copy sent"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    token_hash = models.BinaryField(max_length=32, null=True, unique=True, editable=False)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gift Aid declaration")
        verbose_name_plural = _("Gift Aid declarations")
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["-made_at"], name="declarations_newest")]

    def __str__(self) -> str:
        return f"{self.charity_name}: {self.get_scope_display()}"

    @classmethod
    def make(cls, donation: Donation, scope: str, person: dict[str, str], now: datetime) -> Self:
        """A declaration, not stored, of the `person` (values for SECRET), in the words that the form has shown."""
        charity = donation.fund.charity_name
        made = cls(donation=donation, scope=scope, charity_name=charity, made_at=now, **person)
        made.wording, made.wording_version = wording(scope, charity), WORDING_VERSION
        made.token_hash = crypto.token_hash(made.token)
        return made

    @property
    def token(self) -> str:
        """The secret in the link to cancel it; only its hash is stored."""
        return crypto.token(str(self.pk), DECLARATION)

    def send_copy(self, now: datetime) -> None:
        """Queue a copy for the donor, once, in the caller's transaction."""
        with transaction.atomic():
            if type(self).objects.filter(pk=self.pk, copy_sent_at=None).update(copy_sent_at=now):
                Message.objects.create(kind=DECLARATION, object_id=self.pk, due_at=now)


def scope_words(scope: str, charity: str) -> str:
    """What is Gift Aided, in the first person."""
    words = ALL_DONATIONS if scope == Declaration.Scope.ALL else THIS_DONATION
    return words % {"charity": charity}


def wording(scope: str, charity: str) -> str:
    """The declaration as it is made and stored: what is Gift Aided, and what it takes."""
    return f"{scope_words(scope, charity)}\n\n{TAXPAYER}"
