"""The link in messages to people who did not ask for them: their address is then never written to again."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import transaction

from actions.communities.models.community import Community
from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import SuppressedAddress
from campaign.privacy import erasures

NEVER = signing.Signer(salt="communities.never")
UUID_BYTES = 16
NO_PLEDGE = "0"  # the journal names a pledge here


def never_token(key: UUID, address: str) -> str:
    """Return the token for a message about the row with this key, sent to this address."""
    return NEVER.sign(urlsafe_b64encode(key.bytes + mailbox_hash(address)).decode())


def read_never_token(token: str) -> tuple[UUID, bytes] | None:
    """Return the key and the mailbox's hash in a token; None if it isn't ours."""
    try:
        held = urlsafe_b64decode(NEVER.unsign(token))
        return UUID(bytes=held[:UUID_BYTES]), held[UUID_BYTES:]
    except (signing.BadSignature, ValueError):
        return None


@transaction.atomic
def suppress(key: UUID, mailbox: bytes, now: datetime) -> None:
    """Never write to this mailbox again, and delete what was entered with its address and not confirmed."""
    SuppressedAddress.objects.get_or_create(address_hash=mailbox)
    erasures.record(erasures.Erasure(now, "never", NO_PLEDGE, mailbox))
    Community.objects.filter(pk=key, confirmed_at=None).delete()
