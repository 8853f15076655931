"""Pledges, their demands, and the people who put their names to them."""

import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.pages.published import Published
from campaign.privacy import crypto
from campaign.privacy.addresses import address_hash
from campaign.privacy.fields import EncryptedTextField
from pledges.ledger import LedgerLine  # noqa: F401 - a model of this app
from pledges.links import ManageLink  # noqa: F401 - a model of this app
from pledges.querysets import (
    LISTED,
    NOT_FOLDED,
    PledgeQuerySet,
    SignatureQuerySet,
    oldest_confirmable,
)
from pledges.signing import Answers, code_hash, sign

RESERVED_SLUGS = {"confirm", "manage", "unsubscribe"}


class Pledge(Published):
    """One promise, in the words people put their name to."""

    statement = models.TextField(
        _("statement"),
        max_length=10_000,
        help_text=_(
            "Leave an empty line between paragraphs. People sign these words: once some have, "
            "correct slips only; for new words make a new pledge."
        ),
    )
    goal = models.PositiveIntegerField(_("goal"), default=1000, help_text=_("Number of signatures."))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True, help_text=_("Nobody can sign from then on."))

    objects = PledgeQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [models.CheckConstraint(condition=models.Q(goal__gt=0), name="goal_above_nought")]

    def get_absolute_url(self) -> str:
        return reverse("pledges:sign", args=[self.slug])

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("The site needs this address itself: choose another.")})

    @property
    def is_open(self) -> bool:
        """Whether it can be signed now."""
        return self.published and (self.closes_at is None or timezone.now() < self.closes_at)

    @classmethod
    def sign(cls, slug: str, answers: Answers) -> bool:
        """Store one signature and its message; return whether there is an open pledge of that name to sign."""
        return sign(slug, answers, timezone.now())


class Demand(models.Model):
    """One thing that those who sign ask for."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="demands")
    text = models.TextField(_("text"), max_length=1000)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text[:60]

    def save(self, **kwargs: Any) -> None:
        super().save(**kwargs)
        self.pledge.save(update_fields=["updated_at"])

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.pledge.save(update_fields=["updated_at"])
        return super().delete(**kwargs)


class Tally(models.Model):
    """The count that visitors see. It moves in steps, by `pledges.tally.fold`, and by nothing else."""

    pledge = models.OneToOneField(Pledge, models.CASCADE, related_name="tally", primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.count}"


class Signature(models.Model):
    """One person or organisation behind a pledge.

    Name and address are encrypted. `public_name` is the only clear copy, made on confirmation for those
    who chose to be public. Who chose to be counted only keeps no name and no address once confirmed.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Kind(models.TextChoices):
        PERSON = "person", _("a person")
        ORGANISATION = "organisation", _("an organisation")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("public")
        PRIVATE = "private", _("private")
        COUNT = "count", _("count me only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="signatures", verbose_name=_("pledge"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PENDING)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name: "models.Field[str | None, str | None]" = EncryptedTextField(_("name"))
    email: "models.Field[str | None, str | None]" = EncryptedTextField(_("e-mail address"))
    organisation: "models.Field[str | None, str | None]" = EncryptedTextField(_("organisation"))
    email_hash = models.BinaryField(max_length=32)
    country = models.CharField(_("country"), max_length=2)
    outward = models.CharField(_("first half of the postcode"), max_length=4, blank=True)
    visibility = models.CharField(_("name held"), max_length=7, choices=Visibility, default=Visibility.PRIVATE)
    updates = models.BooleanField(_("wants news"), default=False)
    suspected = models.BooleanField(_("suspected"), default=False)
    token_hash = models.BinaryField(max_length=32, unique=True)
    code_hash = models.BinaryField(max_length=32, default=bytes)
    signed_at = models.DateTimeField(_("signed"))
    asked_at = models.DateTimeField(_("asked to confirm"))
    messages = models.PositiveSmallIntegerField(default=1)
    messages_since = models.DateTimeField()
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    public_name = models.CharField(_("public name"), max_length=150, blank=True)
    public_number = models.PositiveIntegerField(null=True, blank=True)
    approved = models.BooleanField(_("organisation approved"), default=False)
    tallied = models.BooleanField(default=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint("pledge", "email_hash", name="one_signature_an_address"),
            models.UniqueConstraint("pledge", "public_number", name="one_place_in_the_list"),
            models.CheckConstraint(
                condition=models.Q(public_name="") | models.Q(visibility="public", state="confirmed"),
                name="public_name_only_when_public",
            ),
            models.CheckConstraint(
                condition=~models.Q(visibility="count", state="confirmed")
                | models.Q(name=None, email=None, organisation=None),
                name="count_only_keeps_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["pledge"], condition=NOT_FOLDED, name="signatures_not_folded"),
            models.Index(fields=["pledge", "-public_number"], condition=LISTED, name="signatures_listed"),
            models.Index(fields=["asked_at"], condition=models.Q(state="pending"), name="signatures_pending"),
            models.Index(fields=["-signed_at"], name="signatures_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_visibility_display()}, {self.get_state_display()}"

    @property
    def counts(self) -> bool:
        """Whether it is one of those counted: `COUNTS`, for one."""
        return self.state == self.State.CONFIRMED and not self.suspected

    @property
    def is_listed(self) -> bool:
        """Whether it belongs in the public list: `LISTED`, for one."""
        known = self.kind == self.Kind.PERSON or self.approved
        return self.counts and self.visibility == self.Visibility.PUBLIC and known

    def confirmation_state(self, now: datetime) -> str:
        """What its link says at `now` (aware): "pending", "confirmed" or "expired"."""
        if self.state == self.State.CONFIRMED:
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
        """Count from now on (aware); call it on a row that is locked."""
        self.state = self.State.CONFIRMED
        self.confirmed_at = now
        self._hold(self.visibility)
        if self.visibility == self.Visibility.COUNT:
            self.confirmed_at = now.replace(minute=0, second=0, microsecond=0)
            self.signed_at = self.asked_at = self.messages_since = self.confirmed_at
        self.save(update_fields=[*PERSONAL, "confirmed_at", "signed_at", "asked_at", "messages_since"])

    @transaction.atomic
    def change(self, visibility: str, *, name: str, updates: bool) -> None:
        """Hold a confirmed signature as its signer now wishes. From "count me only" there is no way back."""
        if self.visibility == self.Visibility.COUNT:
            return
        self._touch_tally()
        self.name, self.updates = name, updates and visibility != self.Visibility.COUNT
        self._hold(visibility)
        self.save(update_fields=PERSONAL)

    @transaction.atomic
    def withdraw(self) -> None:
        """Take the person out: name and address go at once, the count follows at its next step."""
        self._touch_tally()
        self.state = self.State.WITHDRAWN
        self.name = self.email = self.organisation = None
        self.public_name, self.public_number, self.updates = "", None, False
        self.save(update_fields=PERSONAL)

    def _hold(self, visibility: str) -> None:
        """Make the name public, private, or forgotten."""
        self.visibility = visibility
        if visibility == self.Visibility.PUBLIC:
            self.public_name = self.organisation or self.name or ""
            return
        self.public_name, self.public_number = "", None
        if visibility == self.Visibility.COUNT:
            self.name = self.email = self.organisation = None

    def _touch_tally(self) -> None:
        """Have the pledge's page rendered anew: a name on it may go."""
        Tally.objects.filter(pledge=self.pledge_id).update(updated_at=timezone.now())


# What a signer's wish changes; never `tallied`, which the fold may be writing at the same time.
PERSONAL = ["state", "name", "email", "organisation", "visibility", "public_name", "public_number", "updates"]
