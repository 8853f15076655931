"""The link in a message that lets people who didn't ask for it stop all further messages to their address."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction

from campaign.confirming.models import ConfirmedByMail
from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import SuppressedAddress
from campaign.privacy import erasures

UUID_BYTES = 16
NO_PLEDGE = "0"  # where the journal of erasures would name a pledge


def never_token(row: ConfirmedByMail) -> str:
    """Return the token of the link in a message about this row. It still works after the row is deleted."""
    held = row.pk.bytes + mailbox_hash(row.email or "")
    return _signer(type(row)).sign(urlsafe_b64encode(held).decode())


def read_never_token(model: type[ConfirmedByMail], token: str) -> tuple[UUID, bytes] | None:
    """Return the row's key and the mailbox's hash from a token, or None if it isn't about a row of this model."""
    try:
        held = urlsafe_b64decode(_signer(model).unsign(token))
        return UUID(bytes=held[:UUID_BYTES]), held[UUID_BYTES:]
    except (signing.BadSignature, ValueError):
        return None


@transaction.atomic
def suppress(model: Any, key: UUID, mailbox: bytes, now: datetime) -> None:
    """Suppress a mailbox, and delete the row `key` that was entered with its address, unless it is confirmed."""
    SuppressedAddress.objects.get_or_create(address_hash=mailbox)
    erasures.record(erasures.Erasure(now, "never", NO_PLEDGE, mailbox))
    model.objects.filter(pk=key, confirmed_at=None).delete()


def _signer(model: type[ConfirmedByMail]) -> signing.Signer:
    return signing.Signer(salt=f"{model._meta.label_lower}.never")
