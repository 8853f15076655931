"""Communities that take part: synagogues, schools, mosques and others. Only some organisers see their contacts.

A building can be a target, so a community is counted but not named unless it chooses otherwise. Its name is encrypted,
and is stored in plain text only while it is on the public list.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.communities.models.community_queryset import HASHES, CommunityQuerySet
from actions.communities.models.messages import CONFIRM, MANAGE, WELCOME, queue
from actions.communities.models.progress import PlannedStep
from actions.communities.models.region import Region
from campaign.audit.acts import Act
from campaign.audit.log import record as record_act
from campaign.confirming.attempts import Attempted
from campaign.confirming.models import BETWEEN_MESSAGES, ConfirmedByMail
from campaign.privacy import crypto, erasures
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.text.languages import InLanguage, LanguageField

MAX_NAME = 100
DIGITS = 16  # of a digest


class Community(InLanguage, Attempted, ConfirmedByMail):
    """A community that takes part once its contact has confirmed by mail and an organiser has approved it."""

    class Kind(models.TextChoices):
        SYNAGOGUE = "synagogue", _("synagogue")
        YOUTH = "youth", _("youth movement")
        SCHOOL = "school", _("school")
        SOCIETY = "society", _("society")
        MOSQUE = "mosque", _("mosque")
        CHURCH = "church", _("church")
        OTHER = "other", _("other")

    class Visibility(models.TextChoices):
        COUNT = "count", _("counted only")
        LISTED = "listed", _("named")

    confirmation_kind: ClassVar[str] = CONFIRM

    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    visibility = models.CharField(_("visibility"), max_length=6, choices=Visibility, default=Visibility.COUNT)
    name = EncryptedTextField(_("name"))
    language = LanguageField(verbose_name=_("language of the name"))
    region = models.CharField(_("region"), max_length=16, choices=Region)
    outward_code = EncryptedTextField(_("first half of the postcode"))
    contact_name = EncryptedTextField(_("contact’s name"))
    contact_role = EncryptedTextField(_("contact’s role"))
    public_name = models.CharField(_("name on the public list"), max_length=MAX_NAME, blank=True, default="")
    name_hidden = models.BooleanField(_("name hidden by organisers"), default=False)
    approved_at = models.DateTimeField(_("approved"), null=True)
    active_at = models.DateTimeField(_("last activity of the contact"), null=True)
    reminded_at = models.DateTimeField(_("asked whether it still takes part"), null=True)
    left_at = models.DateTimeField(_("left"), null=True)
    naming_at = models.DateTimeField(null=True, editable=False)  # last change to the name or its display
    contact_at = models.DateTimeField(null=True, editable=False)  # when the contact last changed
    link_number = models.PositiveIntegerField(default=0, editable=False)  # goes up with each new contact

    objects: ClassVar = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["-asked_at"]
        permissions = [("see_contact", _("Can see the contacts of communities, and search for them by address"))]
        constraints = [
            models.UniqueConstraint("email_hash", name="one_community_an_address"),
            models.CheckConstraint(
                condition=Q(visibility="listed") | Q(public_name=""), name="counted_only_is_never_named"
            ),
            models.CheckConstraint(
                condition=Q(public_name="") | Q(approved_at__isnull=False, left_at=None), name="named_once_approved"
            ),
        ]
        indexes = [
            models.Index(Lower("public_name"), "id", condition=~Q(public_name=""), name="communities_by_name"),
            models.Index(
                fields=["region"],
                include=["approved_at", "left_at"],
                condition=Q(approved_at__isnull=False),
                name="communities_counted",
            ),
            models.Index(fields=["confirmed_at"], condition=Q(approved_at=None), name="communities_new"),
            models.Index(
                fields=["confirmed_at"],
                condition=Q(visibility="listed", public_name="", name_hidden=False, left_at=None),
                name="communities_to_name",
            ),
            models.Index(fields=["tried_at"], condition=Q(tried_at__isnull=False), name="communities_tried"),
            models.Index(fields=["active_at"], condition=Q(left_at=None), name="communities_active"),
            models.Index(fields=["left_at"], condition=Q(left_at__isnull=False), name="communities_left"),
        ]

    def __str__(self) -> str:
        return self.public_name or str(self.get_kind_display())

    @classmethod
    @transaction.atomic
    def join(cls, email: str, network: bytes | None, now: datetime, steps: dict[UUID, Any], **answers: Any) -> None:
        """Store a community from a normalised address at `now` (aware), and the days by which it plans to take steps.

        As with signing, joining again before confirming replaces the answers, and sends another message only ten
        minutes after the last. Every message has the same link, so people can correct a mistake as often as they like
        and still confirm. An address that has confirmed gets the manage link instead. Visitors see the same page either
        way.
        """
        is_new = cls.ask(email, now, **answers)
        cls.objects.from_address(email).note_attempt(network, now)
        row = cls.objects.from_address(email).select_for_update().first()
        if row is not None and row.confirmed_at:
            cls.send_link(email, now)
        elif row is not None:
            if not is_new:
                row._replace_answers(answers, now)
                cls.objects.resend(email, now)
            row.plan_steps(steps)

    def _replace_answers(self, answers: dict[str, Any], now: datetime) -> None:
        """Store new answers, which `confirm_as_seen` confirms only once the contact has seen them."""
        for name, value in answers.items():
            setattr(self, name, value)
        self.asked_at = now
        self.save(update_fields=["asked_at", *answers])

    @classmethod
    def send_link(cls, email: str, now: datetime) -> None:
        """Queue a message with the manage link to a normalised address, at most one in ten minutes.

        Do nothing if no confirmed community has this address.
        """
        rows = cls.objects.confirmed().from_address(email)
        row, is_due = rows.first(), rows.filter(message_at__lte=now - BETWEEN_MESSAGES).update(message_at=now)
        if row is not None and is_due:
            row.queue(MANAGE, now)

    @property
    def request_key(self) -> str:
        """Return the text from which its links and code are made. A new contact changes it, and ends the old links."""
        return f"{self.pk}.{self.link_number}"

    @property
    def manage_token(self) -> str:
        """Return the secret in the manage link."""
        return crypto.token(self.request_key, f"{self._meta.label_lower}.manage")

    def queue(self, kind: str, now: datetime) -> None:
        """Queue a message to the contact."""
        queue(kind, [self.pk], now)

    def become_confirmed(self, now: datetime) -> None:
        """Count the confirmation as the contact's first activity."""
        self.active_at = now

    def touch(self, now: datetime) -> None:
        """Record that the contact did something at `now` (aware), and clear any reminder."""
        self._unless_left().update(active_at=now, reminded_at=None)

    # --- What organisers do

    @property
    def is_waiting(self) -> bool:
        """Return whether an organiser has yet to approve the community or its name."""
        return self.left_at is None and (self.approved_at is None or self.name_waits)

    @property
    def name_waits(self) -> bool:
        """Return whether it has asked to be named but an organiser has yet to approve the name."""
        return self.visibility == self.Visibility.LISTED and not self.public_name and not self.name_hidden

    @property
    def naming(self) -> str:
        """Return a digest of whether and how it wants to be named. An organiser approves only what they have read."""
        return _digest(self.visibility, self.language, self.name)

    @property
    def answers_digest(self) -> str:
        """Return a digest of the answers on the confirmation page. The contact confirms only what they have seen."""
        shown = (self.kind, self.visibility, self.language, self.region)
        return _digest(*shown, self.name, self.contact_name, self.contact_role)

    @transaction.atomic
    def approve(self, organiser: User, naming: str, now: datetime) -> bool:
        """Approve the community at `now` (aware), and its name if it wants to be named; return whether it was approved.

        Change nothing if it isn't waiting, or if its `naming` is no longer the one that the organiser has seen. The
        first approval also queues a welcome, with the manage link.
        """
        row = Community.objects.waiting().select_for_update().filter(pk=self.pk).first()
        if row is None or row.naming != naming:
            return False
        if row.approved_at is None:
            row.approved_at = now
            row.queue(WELCOME, now)
        if row.visibility == self.Visibility.LISTED and not row.name_hidden:
            row.public_name, row.naming_at = row.name or "", now
        row.save(update_fields=["approved_at", "public_name", "naming_at"])
        record_act(organiser, Act.APPROVE_COMMUNITY, row)
        return True

    @transaction.atomic
    def hide_name(self, organiser: User, *, hidden: bool) -> bool:
        """Take the name off the public list, or let organisers approve it again; return whether anything changed."""
        now = timezone.now()
        others = self._unless_left().exclude(name_hidden=hidden)
        changed = others.update(name_hidden=hidden, public_name="", naming_at=now)
        if changed:
            self._record_erasure("community-unnamed", now)
            record_act(organiser, Act.HIDE_NAME if hidden else Act.SHOW_NAME, self)
        return bool(changed)

    @transaction.atomic
    def remove(self, organiser: User, now: datetime) -> None:
        """Erase the community and its contact at `now` (aware), and record which organiser did so."""
        self.leave(now)
        record_act(organiser, Act.REMOVE_COMMUNITY, self)

    # --- What the contact does

    @transaction.atomic
    def change_entry(self, visibility: str, name: str, language: str, now: datetime) -> None:
        """Change whether and how it is named. A name stays off the list until an organiser has approved it."""
        row = self._locked()
        if row is None:
            return
        is_same = (row.visibility, row.name, row.language) == (visibility, name, language)
        if not is_same:
            row._record_erasure("community-unnamed", now)
            row.visibility, row.name, row.language, row.public_name = visibility, name, language, ""
            row.naming_at = now
            row.save(update_fields=["visibility", "name", "language", "public_name", "naming_at"])
        row.touch(now)

    @transaction.atomic
    def replace_contact(self, email: str, contact_name: str, contact_role: str, now: datetime) -> None:
        """Replace the contact and the links. Raises IntegrityError if another community has this address."""
        row = self._locked()
        if row is None:
            return
        row.email, row.contact_name, row.contact_role, row.contact_at = email, contact_name, contact_role, now
        row.link_number += 1
        row.set_hashes()
        row.save(update_fields=["email", "contact_name", "contact_role", "contact_at", "link_number", *HASHES])
        row._record_erasure("community-contact", now)
        row.touch(now)
        row.queue(MANAGE, now)

    def leave(self, now: datetime) -> None:
        """Erase the community and its contact at `now` (aware)."""
        self._unless_left().leave(now)

    def _unless_left(self) -> CommunityQuerySet:
        """Return a queryset with only this community, or an empty one if it has left."""
        rows: CommunityQuerySet = Community.objects.filter(pk=self.pk, left_at=None)
        return rows

    def _locked(self) -> "Community | None":
        """Return the stored community, locked, or None if it has left: what was erased must not be stored again."""
        row: Community | None = self._unless_left().select_for_update().first()
        return row

    def _record_erasure(self, what: str, now: datetime) -> None:
        """Record an erasure of this kind for the journal, which contains nothing that identifies the contact."""
        erasures.record(erasures.Erasure(now, what, str(self.pk), erasures.NOBODY))

    def plan_steps(self, steps: dict[UUID, Any]) -> None:
        """Replace the planned steps; `steps` maps their codes to days, or None. Steps that have been taken stay."""
        self.steps.filter(done_on=None).delete()
        planned = [PlannedStep(community=self, code=code, by=day) for code, day in steps.items()]
        PlannedStep.objects.bulk_create(planned, ignore_conflicts=True)


def _digest(*texts: str | None) -> str:
    return sha256("\n".join(text or "" for text in texts).encode()).hexdigest()[:DIGITS]
