"""Requests from visitors that take effect once they confirm their address by mail."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from campaign.confirming.codes import code, code_hash
from campaign.email_addresses.canonical import canonical
from campaign.mail.models import Message
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField

# How long somebody has to wait before the message is sent again.
BETWEEN_MESSAGES = timedelta(minutes=10)


def oldest_confirmable(now: datetime) -> datetime:
    """Return the earliest request whose link and code still work at `now` (aware)."""
    return now - timedelta(days=settings.PLEDGE_CONFIRM_DAYS)


class ConfirmedByMailQuerySet(models.QuerySet):
    """Queries for rows that are confirmed by mail."""

    model: Any

    def confirmed(self) -> Self:
        """Return rows that somebody has confirmed."""
        return self.exclude(confirmed_at=None)

    def confirmable(self, now: datetime) -> Self:
        """Return rows that can still be confirmed at `now` (aware)."""
        return self.filter(confirmed_at=None, asked_at__gte=oldest_confirmable(now))

    def from_address(self, address: str) -> Self:
        """Return rows from a normalised address. Filter by something else too, as `email_hash` may lack an index."""
        return self.filter(email_hash=self.model.email_hash_of(address))

    def by_code(self, email: str, code: str) -> Self:
        """Return rows from a normalised address with this code, however the visitor typed the code."""
        return self.from_address(email).filter(code_hash=self.model.code_hash_of(code))

    def by_token(self, token: str) -> Self:
        """Return the row whose confirmation link contains this token, whatever its state."""
        return self.filter(token_hash=crypto.token_hash(token))

    def by_manage_token(self, token: str) -> Self:
        """Return the confirmed row whose manage link contains this token."""
        return self.confirmed().filter(manage_hash=crypto.token_hash(token))

    @transaction.atomic
    def confirm(self, now: datetime) -> Any:
        """Confirm and return the first row that can still be confirmed at `now` (aware), or return None without one.

        The row is locked first, so pressing the button twice at once confirms it only once.
        """
        row: Any = self.confirmable(now).select_for_update().first()
        if row is not None:
            row.confirmed_at = now
            row.become_confirmed(now)
            row.save()
        return row

    def resend(self, address: str, now: datetime) -> None:
        """Queue the message again for the first unconfirmed row, if any, from a normalised address.

        Ten minutes have to pass between messages, and the outbox limits how many an address gets in a day. This returns
        nothing, so that no view can reveal whether there was such a row.
        """
        waiting = self.confirmable(now).from_address(address).filter(message_at__lte=now - BETWEEN_MESSAGES)
        with transaction.atomic():
            row: Any = waiting.select_for_update(skip_locked=True).first()
            if row is not None:
                waiting.filter(pk=row.pk).update(message_at=now)
                row.queue_message(now)


class ConfirmedByMail(models.Model):
    """A request from an address, which has no effect until somebody confirms it by mail.

    Each model hashes addresses in its own way, so `email_hash` can't be compared across tables: it doesn't reveal
    whether a signer has also said that they are coming to a protest.
    """

    confirmation_kind: ClassVar[str]  # the kind of message that asks for confirmation, such as "communities.confirm"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = EncryptedTextField(_("e-mail address"))
    email_hash = models.BinaryField(max_length=32, editable=False)
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    code_hash = models.BinaryField(max_length=32, editable=False)
    manage_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked"), db_index=True, editable=False)
    message_at = models.DateTimeField(_("message queued"), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    objects: ClassVar = ConfirmedByMailQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def email_hash_of(cls, address: str, scope: str = "") -> bytes:
        """Return the hash of a normalised address, which differs from model to model and from scope to scope."""
        return crypto.keyed_hash(canonical(address) + scope, f"{cls._meta.label_lower}.email")

    @classmethod
    def code_hash_of(cls, typed: str) -> bytes:
        """Return the hash of a code, however the visitor typed it."""
        return code_hash(typed, f"{cls._meta.label_lower}.code")

    @classmethod
    @transaction.atomic
    def ask(cls, email: str, now: datetime, **values: Any) -> bool:
        """Store a request from a normalised address at `now` (aware), and queue the message that asks for confirmation.

        The message goes out at once, or at `message_at` if that is among `values`.

        Return False, and change nothing, if the model's constraints refuse a second such request from the address.
        Visitors must not be able to tell which of the two has happened.
        """
        row = cls(email=email, asked_at=now, **{"message_at": now} | values)
        row.set_hashes()
        cls._default_manager.bulk_create([row], ignore_conflicts=True)
        is_stored = cls._default_manager.filter(pk=row.pk).exists()
        if is_stored:
            row.queue_message(row.message_at)
        return is_stored

    def set_hashes(self) -> None:
        """Compute the hashes of the address, of both tokens and of the code."""
        self.email_hash = self.email_hash_of(self.email or "", self.hash_scope)
        self.token_hash = crypto.token_hash(self.token)
        self.manage_hash = crypto.token_hash(self.manage_token)
        self.code_hash = self.code_hash_of(self.code)

    @property
    def hash_scope(self) -> str:
        """Return the scope in which equal addresses have equal hashes, such as one date, or "" for the whole table."""
        return ""

    def queue_message(self, now: datetime) -> None:
        """Queue the message that asks for confirmation. Call it in the transaction that stores the request."""
        Message.objects.create(kind=self.confirmation_kind, object_id=self.pk, due_at=now)

    def become_confirmed(self, now: datetime) -> None:
        """Set what changes when the row is confirmed at `now` (aware). The caller has locked the row, and saves it."""

    @property
    def request_key(self) -> str:
        """Return the text from which the link and the code are made. Once it changes, the old ones no longer work."""
        return str(self.pk)

    @property
    def token(self) -> str:
        """Return the secret in the confirmation link; only its hash is stored."""
        return crypto.token(self.request_key, f"{self._meta.label_lower}.confirm")

    @property
    def manage_token(self) -> str:
        """Return the secret in the row's manage link; only its hash is stored."""
        return crypto.token(str(self.pk), f"{self._meta.label_lower}.manage")

    @property
    def code(self) -> str:
        """Return the code that confirms the row without the link."""
        return code(self.request_key, f"{self._meta.label_lower}.code")

    def confirmation_state(self, now: datetime) -> str:
        """Return the state that the confirmation link shows at `now` (aware): "pending", "confirmed" or "expired"."""
        if self.confirmed_at:
            return "confirmed"
        return "pending" if self.asked_at >= oldest_confirmable(now) else "expired"
