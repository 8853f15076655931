"""Communities that take part: synagogues, schools, mosques and others. Only some organisers see their contacts.

A building can be a target. So a community is only counted unless it chooses to be named. Its name is encrypted, and
stored in the clear only while it is on the public list.
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

from actions.communities.models.community_queryset import CommunityQuerySet
from actions.communities.models.progress import PlannedStep
from actions.communities.models.region import Region
from campaign.audit.acts import Act
from campaign.audit.log import record as record_act
from campaign.confirming.attempts import Attempted
from campaign.confirming.models import BETWEEN_MESSAGES, ConfirmedByMail
from campaign.mail.models import Message
from campaign.privacy import crypto, erasures
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.text.languages import InLanguage, LanguageField

CONFIRM = "communities.confirm"
WELCOME = "communities.welcome"
MANAGE = "communities.manage"
REMINDER = "communities.reminder"
MAX_NAME = 100
# What identifies a community or its contact.
SECRETS = ("name", "outward_code", "contact_name", "contact_role", "email")
HASHES = ("email_hash", "token_hash", "code_hash", "manage_hash")
NOTHING = models.Func(template="sha256(uuid_send(gen_random_uuid()))", output_field=models.BinaryField())


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
    naming_at = models.DateTimeField(null=True, editable=False)  # when whether and how it is named last changed
    contact_at = models.DateTimeField(null=True, editable=False)  # when the contact last changed
    link_number = models.PositiveIntegerField(default=0, editable=False)  # joining again or a new contact raises it

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
        ]

    def __str__(self) -> str:
        return self.public_name or str(self.get_kind_display())

    @classmethod
    @transaction.atomic
    def join(cls, email: str, network: bytes | None, now: datetime, steps: dict[UUID, Any], **answers: Any) -> None:
        """Store a community from a normalised address at `now` (aware), with the days by which it will take steps.

        If the address has joined but not confirmed, the new answers replace the old ones, and a new message those sent
        before. If it has confirmed, it gets the link to its entry instead. The visitor sees the same answer each time.
        """
        is_new = cls.ask(email, now, **answers)
        cls.objects.from_address(email).note_attempt(network, now)
        row = cls.objects.from_address(email).select_for_update().first()
        if row is not None and row.confirmed_at:
            cls.send_link(email, now)
        elif row is not None:
            if not is_new:
                row._ask_again(answers, now)
            row.plan_steps(steps)

    def _ask_again(self, answers: dict[str, Any], now: datetime) -> None:
        """Store other answers under a new link and code, so that nobody confirms answers that they haven't seen.

        Anybody can type somebody else's address. So each link and code belongs to the answers with which it was made.
        """
        for name, value in answers.items():
            setattr(self, name, value)
        self.asked_at = self.message_at = now
        self.link_number += 1
        self.set_hashes()
        self.save(update_fields=["asked_at", "message_at", "link_number", *HASHES, *answers])
        Message.objects.waiting().filter(kind=CONFIRM, object_id=self.pk).delete()
        self.queue_message(now)

    @classmethod
    def send_link(cls, email: str, now: datetime) -> None:
        """Queue the link for a normalised address, ten minutes after the last; do nothing if it is nobody's."""
        rows = cls.objects.confirmed().from_address(email)
        row, is_due = rows.first(), rows.filter(message_at__lte=now - BETWEEN_MESSAGES).update(message_at=now)
        if row is not None and is_due:
            row.queue(MANAGE, now)

    @property
    def request_key(self) -> str:
        """Return what its links and its code are made from. Joining again and a change of contact replace it."""
        return f"{self.pk}.{self.link_number}"

    @property
    def manage_token(self) -> str:
        """Return the secret in the link to look after the entry."""
        return crypto.token(self.request_key, f"{self._meta.label_lower}.manage")

    def queue(self, kind: str, now: datetime) -> None:
        """Queue a message to the contact."""
        Message.objects.create(kind=kind, object_id=self.pk, due_at=now)

    def become_confirmed(self, now: datetime) -> None:
        """Start the time after which an inactive contact is erased."""
        self.active_at = now

    def touch(self, now: datetime) -> None:
        """Record that the contact did something at `now` (aware)."""
        self._here().update(active_at=now, reminded_at=None)

    # --- What organisers do

    @property
    def is_waiting(self) -> bool:
        """Return whether an organiser has yet to approve it, or its name."""
        return self.left_at is None and (self.approved_at is None or self.name_waits)

    @property
    def name_waits(self) -> bool:
        """Return whether it asked to be named, and an organiser has yet to approve the name."""
        return self.visibility == self.Visibility.LISTED and not self.public_name and not self.name_hidden

    @property
    def naming(self) -> str:
        """A short code for whether and how it is to be named. It changes when its contact changes that."""
        return sha256(f"{self.visibility} {self.language} {self.name}".encode()).hexdigest()[:16]

    @transaction.atomic
    def approve(self, organiser: User, naming: str, now: datetime) -> bool:
        """Approve the community at `now` (aware), and its name if it wants to be named.

        Return False, and change nothing, if it isn't waiting, or if its `naming` isn't what the organiser has seen.
        The first approval also queues a welcome, with the link.
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
        """Take its name off the public list, or let organisers approve it again; return whether anything changed."""
        now = timezone.now()
        others = self._here().exclude(name_hidden=hidden)
        changed = others.update(name_hidden=hidden, public_name="", naming_at=now)
        if changed:
            self._record("community-unnamed", now)
            record_act(organiser, Act.HIDE_NAME if hidden else Act.SHOW_NAME, self)
        return bool(changed)

    @transaction.atomic
    def remove(self, organiser: User, now: datetime) -> None:
        """Erase the entry and everything about its contact, for an organiser."""
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
            row._record("community-unnamed", now)
            row.visibility, row.name, row.language, row.public_name = visibility, name, language, ""
            row.naming_at = now
            row.save(update_fields=["visibility", "name", "language", "public_name", "naming_at"])
        row.touch(now)

    @transaction.atomic
    def take_contact(self, email: str, contact_name: str, contact_role: str, now: datetime) -> None:
        """Replace the contact and the link. Raises IntegrityError if another community has this address."""
        row = self._locked()
        if row is None:
            return
        row.email, row.contact_name, row.contact_role, row.contact_at = email, contact_name, contact_role, now
        row.link_number += 1
        row.set_hashes()
        row.save(update_fields=["email", "contact_name", "contact_role", "contact_at", "link_number", *HASHES])
        row._record("community-contact", now)
        row.touch(now)
        row.queue(MANAGE, now)

    @transaction.atomic
    def leave(self, now: datetime) -> None:
        """Erase the community and its contact at `now` (aware).

        Its kind and region stay until the next midnight, because the published numbers stay the same all day.
        It is locked first, so that nothing its contact sends meanwhile is stored afterwards.
        """
        row = self._here().select_for_update().values_list("approved_at").first()
        if row is None:
            return
        self._record("community", now)
        Message.objects.waiting().filter(object_id=self.pk).delete()
        self.reports.all().delete()
        self.contact_changes.all().delete()
        if row == (None,):
            self._here().delete()
            return
        blank: dict[str, Any] = dict.fromkeys(SECRETS) | dict.fromkeys(HASHES, NOTHING)
        shown = {"network": None, "public_name": "", "visibility": self.Visibility.COUNT, "language": "en-gb"}
        self._here().update(left_at=now, **blank, **shown)

    def _here(self) -> CommunityQuerySet:
        """Return a queryset with this community, which is empty once it has left."""
        rows: CommunityQuerySet = Community.objects.filter(pk=self.pk, left_at=None)
        return rows

    def _locked(self) -> "Community | None":
        """Return the community as it is now, locked; None if it has left, so that nothing erased is stored again."""
        row: Community | None = self._here().select_for_update().first()
        return row

    def _record(self, what: str, now: datetime) -> None:
        """Record an erasure in the journal, which must not contain anything that identifies the contact."""
        erasures.record(erasures.Erasure(now, what, str(self.pk), erasures.NOBODY))

    def plan_steps(self, steps: dict[UUID, Any]) -> None:
        """Replace the planned steps with these days (or None) by the steps' codes. Steps that it has taken stay."""
        self.steps.filter(done_on=None).delete()
        planned = [PlannedStep(community=self, code=code, by=day) for code, day in steps.items()]
        PlannedStep.objects.bulk_create(planned, ignore_conflicts=True)
