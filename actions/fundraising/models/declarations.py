"""Gift Aid declarations: what donors declare to the tax office, word for word."""

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
ABROAD = "X"  # what HMRC wants instead of a postcode outside the UK
MAX_TITLE, MAX_NAME, MAX_HOUSE = 4, 35, 40
SECRET = ("title", "first_name", "last_name", "house", "address", "postcode")

# After HMRC's model declarations for single and for multiple donations, as published in October 2015. If you change
# the wording, change the version too: each declaration stores both.
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
    """Queries for declarations, and changes to many at once."""

    def readable(self) -> Self:
        """Return declarations whose name and address have not been erased."""
        return self.exclude(last_name=None)

    def by_token(self, token: str) -> Self:
        """Return the declaration that a cancellation link with this token is for."""
        return self.filter(token_hash=crypto.token_hash(token))

    def cancel(self, now: datetime) -> int:
        """Cancel them for payments after `now` (aware); return how many were not cancelled before."""
        return self.filter(cancelled_at=None).update(cancelled_at=now)

    def replace(self, donation: Donation, declaration: "Declaration | None") -> None:
        """Store the declaration of the donor's latest form instead of an earlier one, unless something was charged."""
        with transaction.atomic():
            Donation.objects.select_for_update().get(pk=donation.pk)
            if donation.payments.exists():
                return
            self.filter(donation=donation).delete()
            if declaration:
                declaration.save(force_insert=True)

    def erase_personal_data(self) -> int:
        """Erase the donors' names and addresses. The amounts claimed stay on record."""
        erased: dict[str, Any] = dict.fromkeys((*SECRET, "token_hash"))
        return self.readable().update(**erased)


class Declaration(models.Model):
    """What one donor declared with one donation, with their name and home address."""

    class Scope(models.TextChoices):
        THIS = "this", _("this donation")
        ALL = "all", _("this donation, later ones, and those of the four years before")

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
    scope = models.CharField(_("covers"), max_length=4, choices=Scope)
    charity_name = models.CharField(_("charity"), max_length=160)
    wording = models.TextField(_("wording"))
    wording_version = models.CharField(_("version of the wording"), max_length=20)
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
        """Return an unsaved declaration by `person` (values for SECRET), in the wording that the form showed."""
        charity = donation.fund.charity_name
        declaration = cls(donation=donation, scope=scope, charity_name=charity, made_at=now, **person)
        declaration.wording, declaration.wording_version = wording(scope, charity), WORDING_VERSION
        declaration.token_hash = crypto.token_hash(declaration.token)
        return declaration

    @property
    def token(self) -> str:
        """Return the secret in the link to cancel it; only its hash is stored."""
        return crypto.token(str(self.pk), DECLARATION)

    def send_copy(self, now: datetime) -> None:
        """Queue a copy for the donor, once, in the caller's transaction."""
        with transaction.atomic():
            if type(self).objects.filter(pk=self.pk, copy_sent_at=None).update(copy_sent_at=now):
                Message.objects.create(kind=DECLARATION, object_id=self.pk, due_at=now)


def scope_wording(scope: str, charity: str) -> str:
    """Return the part of the declaration that says which donations it covers."""
    text = ALL_DONATIONS if scope == Declaration.Scope.ALL else THIS_DONATION
    return text % {"charity": charity}


def wording(scope: str, charity: str) -> str:
    """Return the whole declaration: which donations it covers, and that the donor is a UK taxpayer."""
    return f"{scope_wording(scope, charity)}\n\n{TAXPAYER}"
