"""Rows that somebody creates with an e-mail address, and that take effect once they confirm by mail."""

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
        """Return those that somebody has confirmed."""
        return self.exclude(confirmed_at=None)

    def confirmable(self, now: datetime) -> Self:
        """Return those that can still be confirmed at `now` (aware)."""
        return self.filter(confirmed_at=None, asked_at__gte=oldest_confirmable(now))

    def from_address(self, address: str) -> Self:
        """Return those from a normalised address. `email_hash` may lack an index, so filter by something else too."""
        return self.filter(email_hash=self.model.email_hash_of(address))

    def by_code(self, email: str, code: str) -> Self:
        """Return those from a normalised address with this code, however it was typed."""
        return self.from_address(email).filter(code_hash=self.model.code_hash_of(code))

    def by_token(self, token: str) -> Self:
        """Return the row whose confirmation link contains this token, whatever its state."""
        return self.filter(token_hash=crypto.token_hash(token))

    def by_manage_token(self, token: str) -> Self:
        """Return the confirmed row whose manage link contains this token."""
        return self.confirmed().filter(manage_hash=crypto.token_hash(token))

    @transaction.atomic
    def confirm(self, now: datetime) -> Any:
        """Confirm the first row that can still be confirmed at `now` (aware), and return it; None if there is none.

        The row is locked first, so pressing the button twice at once confirms it only once.
        """
        row: Any = self.confirmable(now).select_for_update().first()
        if row is not None:
            row.confirmed_at = now
            row.become_confirmed(now)
            row.save()
        return row

    def resend(self, address: str, now: datetime) -> None:
        """Queue the message again for the first unconfirmed row from a normalised address, if there is one.

        Ten minutes have to pass between messages; the outbox limits how many an address gets in a day. The caller isn't
        shown whether there was such a row.
        """
        waiting = self.confirmable(now).from_address(address).filter(message_at__lte=now - BETWEEN_MESSAGES)
        with transaction.atomic():
            row: Any = waiting.select_for_update(skip_locked=True).first()
            if row is not None:
                waiting.filter(pk=row.pk).update(message_at=now)
                row.queue_message(now)


class ConfirmedByMail(models.Model):
    """A row that somebody creates with an address, and that has no effect until they confirm by mail.

    Each model hashes addresses in its own way, so nobody can compare `email_hash` across tables: they don't reveal
    whether a signer has also said that they are coming to a protest.
    """

    asks_by: ClassVar[str]  # the kind of the message that asks to confirm, such as "communities.confirm"

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
    def email_hash_of(cls, address: str, within: str = "") -> bytes:
        """Return the hash under which a normalised address is stored, which only this model can make.

        Equal addresses have equal hashes only within the group of rows that `within` names, such as one date.
        """
        return crypto.keyed_hash(canonical(address) + within, f"{cls._meta.label_lower}.email")

    @classmethod
    def code_hash_of(cls, typed: str) -> bytes:
        """Return the hash of a code, however it was typed."""
        return code_hash(typed, f"{cls._meta.label_lower}.code")

    @classmethod
    @transaction.atomic
    def ask(cls, email: str, now: datetime, **values: Any) -> bool:
        """Store a request from a normalised address at `now` (aware), and queue the message that asks to confirm.

        Return False, and change nothing, if the model's constraints say that the address has asked for this before.
        Visitors must not be able to see which it was.
        """
        row = cls(email=email, asked_at=now, message_at=now, **values)
        row.set_hashes()
        cls._default_manager.bulk_create([row], ignore_conflicts=True)
        is_stored = cls._default_manager.filter(pk=row.pk).exists()
        if is_stored:
            row.queue_message(now)
        return is_stored

    def set_hashes(self) -> None:
        """Compute the hashes of the address, of both tokens and of the code."""
        self.email_hash = self.email_hash_of(self.email or "", self.comparable_within)
        self.token_hash = crypto.token_hash(self.token)
        self.manage_hash = crypto.token_hash(self.manage_token)
        self.code_hash = self.code_hash_of(self.code)

    @property
    def comparable_within(self) -> str:
        """Return a name for the group of rows in which equal addresses have equal hashes; "" means the whole table."""
        return ""

    def queue_message(self, now: datetime) -> None:
        """Queue the message that asks to confirm. Call it in the transaction of the request."""
        Message.objects.create(kind=self.asks_by, object_id=self.pk, due_at=now)

    def become_confirmed(self, now: datetime) -> None:
        """Update the row when it is confirmed at `now` (aware). The caller has locked it and saves it afterwards."""

    @property
    def request_key(self) -> str:
        """Return what the confirmation link and the code are made from. Where it changes, the old ones stop working."""
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
        """Return what the confirmation link shows at `now` (aware): "pending", "confirmed" or "expired"."""
        if self.confirmed_at:
            return "confirmed"
        return "pending" if self.asked_at >= oldest_confirmable(now) else "expired"
