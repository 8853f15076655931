"""The people and organisations that put their names to a pledge."""

import uuid
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import address_hash
from campaign.mail.models import NeverAgain
from campaign.privacy import crypto
from campaign.privacy.erasures import Erasure, record
from campaign.privacy.fields import EncryptedTextField
from pledges import names
from pledges.querysets import HELD, LISTED, NOT_FOLDED, SECRETS, TRACES, SignatureQuerySet
from pledges.signing.tokens import code_hash, oldest_confirmable
from pledges.suspicion import reason_to_hold


class Signature(models.Model):
    """One person or organisation behind a pledge.

    Name and address are encrypted. `public_name`, `public_town` and `public_link` are the only clear copies, made when
    a signature of somebody who chose to be public counts. Who chose to be counted only keeps no name and no address
    once confirmed. The database notes every change of `state` (`pledges.audit`).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")
        SUSPECTED = "suspected", _("confirmed, but suspected")
        INVALIDATED = "invalidated", _("struck out by an organiser")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Kind(models.TextChoices):
        PERSON = "person", _("a person")
        ORGANISATION = "organisation", _("an organisation")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("public")
        PRIVATE = "private", _("private")
        COUNT = "count", _("count me only")

    class Display(models.TextChoices):
        FULL = "full", _("full name")
        INITIAL = "initial", _("first name and initial")

    class Doubt(models.TextChoices):
        AUTOMATIC = "automatic", _("submitted too fast to have been read")
        NETWORK = "network", _("same network as others held for review")
        DOMAIN = "domain", _("many from one mail domain")
        FAMILY = "family", _("many addresses that differ only in digits")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pledge = models.ForeignKey("pledges.Pledge", models.PROTECT, related_name="signatures", verbose_name=_("pledge"))
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.PENDING)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name: "models.Field[str | None, str | None]" = EncryptedTextField(_("name"))
    email: "models.Field[str | None, str | None]" = EncryptedTextField(_("e-mail address"))
    organisation: "models.Field[str | None, str | None]" = EncryptedTextField(_("organisation"))
    role: "models.Field[str | None, str | None]" = EncryptedTextField(_("role in the organisation"))
    link: "models.Field[str | None, str | None]" = EncryptedTextField(_("website of the organisation"))
    town: "models.Field[str | None, str | None]" = EncryptedTextField(_("town to show"))
    email_hash = models.BinaryField(max_length=32)
    name_hash = models.BinaryField(max_length=16, null=True)
    domain_hash = models.BinaryField(max_length=16, null=True)
    family_hash = models.BinaryField(max_length=16, null=True)
    network = models.BinaryField(max_length=16, null=True)
    disposable = models.BooleanField(_("throw-away address"), default=False)
    country = models.CharField(_("country"), max_length=2)
    outward = models.CharField(_("first half of the postcode"), max_length=4, blank=True)
    area_code = models.CharField(_("constituency"), max_length=9, blank=True)
    visibility = models.CharField(_("name held"), max_length=7, choices=Visibility, default=Visibility.PRIVATE)
    display = models.CharField(_("name shown"), max_length=7, choices=Display, default=Display.FULL)
    updates = models.BooleanField(_("wants news"), default=False)
    doubt = models.CharField(_("why suspected"), max_length=9, choices=Doubt, blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    code_hash = models.BinaryField(max_length=32, default=bytes)
    signed_at = models.DateTimeField(_("signed"))
    asked_at = models.DateTimeField(_("asked to confirm"))
    messages = models.PositiveSmallIntegerField(default=1)
    messages_since = models.DateTimeField()
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    public_name = models.CharField(_("public name"), max_length=150, blank=True)
    public_town = models.CharField(_("public town"), max_length=60, blank=True)
    public_link = models.URLField(_("public website"), max_length=200, blank=True)
    public_number = models.PositiveIntegerField(null=True, blank=True)
    approved = models.BooleanField(_("organisation approved"), default=False)
    tallied = models.BooleanField(default=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [("export_signature", _("Can export signatures, and approve what others ask to export"))]
        constraints = [
            models.UniqueConstraint("pledge", "email_hash", name="one_signature_an_address"),
            models.UniqueConstraint("pledge", "public_number", name="one_place_in_the_list"),
            models.CheckConstraint(
                condition=models.Q(public_name="", public_town="", public_link="")
                | models.Q(visibility="public", state="confirmed"),
                name="public_name_only_when_public",
            ),
            models.CheckConstraint(
                condition=~models.Q(visibility="count")
                | models.Q(state="pending")
                | models.Q(name=None, email=None, organisation=None, role=None, link=None, town=None)
                & models.Q(name_hash=None, domain_hash=None, family_hash=None, network=None),
                name="count_only_keeps_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["pledge"], condition=NOT_FOLDED, name="signatures_not_folded"),
            models.Index(fields=["pledge", "-public_number"], condition=LISTED, name="signatures_listed"),
            models.Index(
                fields=["pledge", "-public_number"],
                condition=LISTED & models.Q(kind="organisation"),
                name="signatures_organisations",
            ),
            models.Index(fields=["asked_at"], condition=models.Q(state="pending"), name="signatures_pending"),
            models.Index(fields=["confirmed_at"], condition=models.Q(state="suspected"), name="signatures_suspected"),
            models.Index(fields=["-signed_at"], name="signatures_newest"),
            models.Index(fields=["network", "signed_at"], condition=~models.Q(network=None), name="signatures_network"),
            models.Index(fields=["domain_hash", "signed_at"], name="signatures_domain"),
            models.Index(fields=["family_hash", "signed_at"], name="signatures_family"),
            models.Index(fields=["name_hash"], condition=~models.Q(name_hash=None), name="signatures_name"),
            models.Index(fields=["area_code"], condition=~models.Q(area_code=""), name="signatures_area"),
        ]

    def __str__(self) -> str:
        return f"{self.get_visibility_display()}, {self.get_state_display()}"

    @property
    def counts(self) -> bool:
        """Whether it is one of those counted: `COUNTS`, for one."""
        return self.state == self.State.CONFIRMED

    @property
    def is_listed(self) -> bool:
        """Whether it belongs in a public list: `LISTED`, for one."""
        known = self.kind == self.Kind.PERSON or self.approved
        return self.counts and self.visibility == self.Visibility.PUBLIC and known

    def confirmation_state(self, now: datetime) -> str:
        """What its link says at `now` (aware): "pending", "confirmed" or "expired".

        One that is held for review or rejected says the same as any other.
        """
        if self.state in HELD:
            return "confirmed"
        waits = self.state == self.State.PENDING
        return "pending" if waits and self.asked_at >= oldest_confirmable(now) else "expired"

    @classmethod
    def of_token(cls, token: str) -> "Signature | None":
        """The signature whose newest message carried this token, whatever its state."""
        found = cls.objects.filter(token_hash=crypto.token_hash(token))
        return found.select_related("pledge").first()

    @classmethod
    def confirm(cls, token: str, now: datetime) -> "Signature | None":
        """Confirm the one that waits for this token, once; None when none does (any more)."""
        return cls.objects.confirmable(now).filter(token_hash=crypto.token_hash(token)).confirm(now)

    @classmethod
    def confirm_by_code(cls, slug: str, email: str, code: str, now: datetime) -> "Signature | None":
        """Confirm the one of this address that waits for this code, once; None when none does (any more)."""
        waiting = cls.objects.confirmable(now).filter(pledge__slug=slug, email_hash=address_hash(email))
        return waiting.filter(code_hash=code_hash(code)).confirm(now)

    def become_confirmed(self, now: datetime) -> None:
        """Count from `now` on (aware), or hold for review; call it on a locked row."""
        self.doubt = reason_to_hold(self, now)
        self.state = self.State.SUSPECTED if self.doubt else self.State.CONFIRMED
        self.confirmed_at = now
        self.show()
        if self.visibility == self.Visibility.COUNT:
            self.confirmed_at = now.replace(minute=0, second=0, microsecond=0)
            self.signed_at = self.asked_at = self.messages_since = self.confirmed_at
        self.save(update_fields=[*PERSONAL, "doubt", "confirmed_at", "signed_at", "asked_at", "messages_since"])

    @transaction.atomic
    def change(self, visibility: str, *, name: str, display: str, town: str, updates: bool) -> None:
        """Hold a confirmed signature as its signer now wishes. From "count me only" there is no way back."""
        if not self._lock() or self.visibility == self.Visibility.COUNT or self.state not in HELD:
            return
        if visibility not in (self.Visibility.PUBLIC, self.visibility):
            self._note_erasure(visibility)
        self.pledge.touch_tally()
        self.visibility, self.name, self.display, self.town = visibility, name, display, town
        self.name_hash = names.name_hash(name)
        self.updates = updates and visibility != self.Visibility.COUNT
        self.show()
        self.save(update_fields=PERSONAL)

    @transaction.atomic
    def withdraw(self) -> None:
        """Take the person out: name and address go at once, the count follows at its next step."""
        if not self._lock():
            return
        self._note_erasure("withdraw")
        self.pledge.touch_tally()
        self.state = self.State.WITHDRAWN
        self.updates = False
        self.public_number = None
        self.forget()
        self.show()
        self.save(update_fields=PERSONAL)

    @transaction.atomic
    def drop(self) -> None:
        """Delete what somebody else entered and nobody confirmed, not even a moment ago.

        It is withdrawn instead while the tally still holds an earlier signature of it.
        """
        if not self._lock() or self.state != self.State.PENDING:
            return
        if self.tallied:
            self.withdraw()
        else:
            self.delete()

    @transaction.atomic
    def never_again(self, mailbox: bytes) -> None:
        """Never write again to its mailbox, which has this hash; delete the signature if it was not confirmed."""
        NeverAgain.objects.get_or_create(address_hash=mailbox)
        self._note_erasure("never")
        if mailbox != bytes(self.email_hash):
            self._note_erasure("never", mailbox)
        if self.state == self.State.PENDING:
            self.drop()

    def replay(self, erasure: Erasure) -> None:
        """Do again what its signer had asked for before an old backup was restored."""
        if erasure.what == "withdraw":
            self.withdraw()
        elif erasure.what == "never":
            self.never_again(erasure.address_hash)
        elif self.state == self.State.PENDING:
            self.visibility = erasure.what
            self.save(update_fields=["visibility"])
        elif self.visibility != erasure.what:
            self.change(erasure.what, name=self.name or "", display=self.display, town="", updates=self.updates)

    def _note_erasure(self, what: str, hashed: bytes | None = None) -> None:
        record(Erasure(timezone.now(), what, str(self.pledge_id), hashed or bytes(self.email_hash)))

    def _lock(self) -> bool:
        """Wait for whoever changes it now, and see what they made of it; return whether they left it there."""
        seen = ["state", "visibility", "doubt", "public_number", "tallied"]
        try:
            self.refresh_from_db(fields=seen, from_queryset=Signature.objects.select_for_update())
        except Signature.DoesNotExist:
            return False
        return True

    def show(self) -> None:
        """Make the name public, private, or forgotten, as its signer chose and its state allows. Saves nothing."""
        self.public_name = self.public_town = self.public_link = ""
        if self.visibility == self.Visibility.COUNT:
            self.forget()
        if self.visibility != self.Visibility.PUBLIC:
            self.public_number = None
        elif self.counts and self.kind == self.Kind.ORGANISATION:
            self.public_name, self.public_link = self.organisation or "", self.link or ""
        elif self.counts:
            self.public_name, self.public_town = names.shown(self.name or "", self.display), self.town or ""

    def forget(self) -> None:
        """Keep nothing that says who it was, but for the hash of the address. Saves nothing."""
        for field in (*SECRETS, *TRACES):
            setattr(self, field, None)


SHOWN = ("public_name", "public_town", "public_link", "public_number")
# What a signer's wish changes; never `tallied`, which the fold may be writing at the same time.
PERSONAL = ["state", "visibility", "display", "updates", *SECRETS, *TRACES, *SHOWN]
