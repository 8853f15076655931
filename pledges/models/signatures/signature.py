"""The people and organisations that put their names to a pledge."""

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.log import record as record_act
from campaign.email_addresses.canonical import address_hash
from campaign.mail.models import SuppressedAddress
from campaign.mailings.models import Delivery
from campaign.mailings.unsubscribing import stop_news
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.privacy.erasures import Erasure, record
from campaign.privacy.sealed_field import SealedField
from pledges.mailboxes import second_hash
from pledges.models.counts import TagCount
from pledges.models.reason import Reason
from pledges.models.signatures import states
from pledges.models.signatures.constraints import CONSTRAINTS, INDEXES
from pledges.models.signatures.personal_data import BOXES, CONFIRMED, NEWS_SOURCE, PERSONAL, SECRETS, SEEN, TRACES
from pledges.models.signatures.queryset import SignatureQuerySet
from pledges.models.signatures.sealed import enter_address, enter_name
from pledges.models.signatures.suspicion import reason_to_hold
from pledges.signing.tokens import code_hash, oldest_confirmable


class Signature(models.Model):
    """One person or organisation behind a pledge.

    Name and address are encrypted. `public_name`, `public_town` and `public_link` are the only copies in plain text,
    made once a public signer's signature counts. For "count me only", we never store a name, and we erase the address
    on confirmation. The database records every change of `state` (`pledges.models.signatures.state_changes`).
    """

    State = states.State
    Kind = states.Kind
    Visibility = states.Visibility
    Suspicion = states.Suspicion
    HiddenName = states.HiddenName

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pledge = models.ForeignKey("pledges.Pledge", models.PROTECT, related_name="signatures", verbose_name=_("pledge"))
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.PENDING)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = EncryptedTextField(_("name"))
    shown_name = EncryptedTextField(_("name to show"))
    email = EncryptedTextField(_("e-mail address"))
    organisation = EncryptedTextField(_("organisation"))
    role = EncryptedTextField(_("role in the organisation"))
    link = EncryptedTextField(_("website of the organisation"))
    town = EncryptedTextField(_("town to show"))
    sealed_name = SealedField(_("sealed name"))
    sealed_organisation = SealedField(_("sealed organisation"))
    sealed_email = SealedField(_("sealed e-mail address"))
    email_hash = models.BinaryField(max_length=32)
    name_hash = models.BinaryField(max_length=16, null=True)
    domain_hash = models.BinaryField(max_length=16, null=True)
    family_hash = models.BinaryField(max_length=16, null=True)
    network = models.BinaryField(max_length=16, null=True)
    disposable = models.BooleanField(_("throw-away address"), default=False)
    country = models.CharField(_("country"), max_length=2)
    outward_code = models.CharField(_("first half of the postcode"), max_length=4, blank=True)
    area_code = models.CharField(_("constituency"), max_length=9, blank=True)
    visibility = models.CharField(_("visibility"), max_length=7, choices=Visibility, default=Visibility.PRIVATE)
    wording = models.PositiveSmallIntegerField(_("wording that was signed"), default=1, db_default=1)
    updates = models.BooleanField(_("wants news"), default=False)
    tag = models.ForeignKey(
        "tags.Tag", models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("tag of the link")
    )
    suspicion = models.CharField(_("why it is held for review"), max_length=9, choices=Suspicion, blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    code_hash = models.BinaryField(max_length=32, default=bytes)
    signed_at = models.DateTimeField(_("signed"))
    confirmation_sent_at = models.DateTimeField(_("confirmation sent"))
    messages = models.PositiveSmallIntegerField(default=1)
    messages_since = models.DateTimeField()
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    public_name = models.CharField(_("public name"), max_length=150, blank=True)
    public_town = models.CharField(_("public town"), max_length=60, blank=True)
    public_link = models.URLField(_("public website"), max_length=200, blank=True)
    name_hidden = models.CharField(
        _("why its name is hidden"), max_length=7, choices=HiddenName, blank=True, default="", db_default=""
    )
    public_number = models.PositiveIntegerField(null=True, blank=True)
    approved = models.BooleanField(_("organisation approved"), default=False)
    in_published_count = models.BooleanField(default=False)
    counted_wording = models.PositiveSmallIntegerField(_("wording that it is counted under"), default=1, db_default=1)
    place: str | None  # set by `SignatureAdmin`

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [("export_signature", _("Can export signatures, and approve other organisers’ exports"))]
        constraints = CONSTRAINTS
        indexes = INDEXES

    def __str__(self) -> str:
        return f"{self.get_visibility_display()}, {self.get_state_display()}"

    @property
    def counts(self) -> bool:
        """Return whether it counts: `COUNTS`, for a single signature."""
        return self.state == self.State.CONFIRMED

    @property
    def is_listed(self) -> bool:
        """Return whether it belongs in a public list: `LISTED`, for a single signature."""
        known = self.kind == self.Kind.PERSON or self.approved
        return self.counts and self.visibility == self.Visibility.PUBLIC and known

    @property
    def may_give_reason(self) -> bool:
        """Return whether its signer may give a reason: only a public signer, under a pledge that asks for reasons."""
        return self.visibility == self.Visibility.PUBLIC and self.pledge.takes_reasons

    def confirmation_state(self, now: datetime) -> str:
        """Return what its link shows at `now` (aware): "pending", "confirmed" or "expired".

        Signatures that are held for review or rejected show the same as any other confirmed one.
        """
        if self.state in states.EVER_CONFIRMED:
            return "confirmed"
        waits = self.state == self.State.PENDING
        return "pending" if waits and self.confirmation_sent_at >= oldest_confirmable(now) else "expired"

    @classmethod
    def by_token(cls, token: str) -> "Signature | None":
        """Return the signature whose newest message contained this token, whatever its state."""
        return cls.objects.filter(token_hash=crypto.token_hash(token)).select_related("pledge").first()

    @classmethod
    def confirm(cls, token: str, now: datetime, reason: str = "") -> "Signature | None":
        """Confirm and return the signature waiting for this token, or None. Only a public one keeps reasons."""
        return cls.objects.confirmable(now).filter(token_hash=crypto.token_hash(token)).confirm(now, reason)

    @classmethod
    def by_code(cls, slug: str, email: str, code: str, now: datetime) -> SignatureQuerySet:
        """Return the signature of this address that is waiting for this code at `now` (aware), if there is one."""
        waiting = cls.objects.confirmable(now).filter(pledge__slug=slug, email_hash=address_hash(email))
        return waiting.filter(code_hash=code_hash(code))

    def become_confirmed(self, now: datetime) -> None:
        """Count it from `now` (aware), or hold it for review. Call this on a locked row."""
        self.suspicion = reason_to_hold(self, now)
        self.state = self.State.HELD_FOR_REVIEW if self.suspicion else self.State.CONFIRMED
        self.confirmed_at = now
        self.refresh_public_name()
        if self.visibility == self.Visibility.COUNT:
            self.confirmed_at = now.replace(minute=0, second=0, microsecond=0)
            self.signed_at = self.confirmation_sent_at = self.messages_since = self.confirmed_at
        self.save(update_fields=CONFIRMED)

    @transaction.atomic
    def change(
        self,
        visibility: str,
        *,
        name: str,
        shown_name: str,
        town: str,
        updates: bool,
        reason: str | None = None,
        address: str | None = None,
    ) -> None:
        """Change a confirmed signature as its signer wishes. "Count me only" can't be undone.

        If `reason` is None, leave the reason as it is; only a public signature keeps one. If `name` is empty, a sealed
        name stays. `address`, to which the link was sent, replaces a sealed one if the signer wants news.
        """
        if self.updates and not updates and self.email:
            # This does the same as the link in each message. It comes first, because it locks all signatures of the
            # address in the order of their keys.
            stop_news(self.email)
        if not self._lock() or self.visibility == self.Visibility.COUNT or self.state not in states.EVER_CONFIRMED:
            return
        if visibility not in (self.Visibility.PUBLIC, self.visibility):
            self._note_erasure(visibility)
        self.pledge.touch_published_count()
        reason = reason if visibility == self.Visibility.PUBLIC else ""
        if reason is not None and Reason.write(self, reason):
            self._note_erasure("reason")
        self.visibility, self.shown_name, self.town = visibility, shown_name, town
        enter_name(self, name)
        self.updates = updates and visibility != self.Visibility.COUNT
        enter_address(self, address)
        self.refresh_public_name()
        self.save(update_fields=PERSONAL)
        if visibility == self.Visibility.COUNT:
            Delivery.objects.pseudonymise(NEWS_SOURCE, [self.pk])

    @transaction.atomic
    def withdraw(self) -> None:
        """Withdraw it: erase the name and address, and delete its manage links, at once. The count changes later."""
        if not self._lock():
            return
        self._note_erasure("withdraw")
        self.pledge.touch_published_count()
        if self.in_published_count and self.tag_id:
            TagCount.leave(self.pledge_id, self.tag_id)
        self.state = self.State.WITHDRAWN
        self.updates = False
        self.public_number = None
        self.erase_personal_data()
        self.refresh_public_name()
        self.save(update_fields=PERSONAL)
        self.links.all().delete()
        Reason.objects.filter(pk=self.pk).delete()
        Delivery.objects.pseudonymise(NEWS_SOURCE, [self.pk])

    @transaction.atomic
    def discard(self) -> None:
        """Delete the signature unless it has been confirmed, even a moment ago.

        If the published count still includes an earlier signature of this address, withdraw it instead.
        """
        if not self._lock() or self.state != self.State.PENDING:
            return
        if self.in_published_count:
            self.withdraw()
        else:
            self.delete()

    @transaction.atomic
    def suppress(self, mailbox: bytes) -> None:
        """Suppress the mailbox with this hash, and delete the signature if it is pending.

        Signatures from the mailbox under this pledge get no more news.
        """
        SuppressedAddress.objects.get_or_create(address_hash=mailbox)
        hashes = {bytes(self.email_hash), mailbox}
        shared = hashes | {second_hash(hashed) for hashed in hashes}
        Signature.objects.filter(pledge=self.pledge_id, email_hash__in=shared, updates=True).update(updates=False)
        self._note_erasure("never")
        if mailbox != bytes(self.email_hash):
            self._note_erasure("never", mailbox)
        if self.state == self.State.PENDING:
            self.discard()

    @transaction.atomic
    def hide_name(self, organiser: User, reason: str) -> bool:
        """Hide the public name everywhere, for a reason from `HiddenName`, or show it again if the reason is "".

        The signature still counts. If its signer changes the name, the new one stays hidden until an organiser has
        looked at it. Return whether anything changed.
        """
        changed = Signature.objects.filter(pk=self.pk).exclude(name_hidden=reason).update(name_hidden=reason)
        if changed:
            self.pledge.touch_published_count()
            record_act(organiser, Act.HIDE_NAME if reason else Act.SHOW_NAME, self, reason=reason)
        return bool(changed)

    def _note_erasure(self, what: str, hashed: bytes | None = None) -> None:
        record(Erasure(timezone.now(), what, str(self.pledge_id), hashed or bytes(self.email_hash)))

    def _lock(self) -> bool:
        """Lock it, and load what another transaction may have changed; return whether it still exists."""
        try:
            self.refresh_from_db(fields=SEEN, from_queryset=Signature.objects.select_for_update())
        except Signature.DoesNotExist:
            return False
        return True

    @property
    def name_to_publish(self) -> str:
        """Return what the public list shows once it is public and counts: exactly what its signer typed."""
        return (self.organisation if self.kind == self.Kind.ORGANISATION else self.shown_name or self.name) or ""

    @property
    def beside_the_name(self) -> str:
        """Return what the public list shows beside the name: the organisation's website or the person's town."""
        return (self.link if self.kind == self.Kind.ORGANISATION else self.town) or ""

    def refresh_public_name(self) -> None:
        """Publish, hide or erase the name, as the signer chose and the state allows. Saves nothing."""
        self.public_name = self.public_town = self.public_link = ""
        if self.visibility == self.Visibility.COUNT:
            self.erase_personal_data()
        if self.visibility != self.Visibility.PUBLIC:
            self.public_number = None
        elif self.counts and self.kind == self.Kind.ORGANISATION:
            self.public_name, self.public_link = self.name_to_publish, self.beside_the_name
        elif self.counts:
            self.public_name, self.public_town = self.name_to_publish, self.beside_the_name

    def erase_personal_data(self) -> None:
        """Erase everything that identifies the signer, except the hash of the address. Saves nothing."""
        self.tag = None
        for field in (*SECRETS, *BOXES, *TRACES):
            setattr(self, field, None)
