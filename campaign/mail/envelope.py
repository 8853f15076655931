"""The Message-ID and the envelope of our messages. They show whether a bounce is about a message that we really sent.

Anybody can write to the address that receives bounces. So each Message-ID contains a seal, which only we can make from
the message's key and its recipient. A bounce that returns both is about a message that we sent to that address.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import constant_time_compare

from campaign.privacy.crypto import keyed_hash

SEAL_BYTES = 8
SEALED = re.compile(r"<([\w.-]{1,60})\.([\w-]{11})@", re.ASCII)


def message_id(name: str | UUID, address: str) -> str:
    """Return the Message-ID of a message to a normalised address, such as "<key.seal@host>".

    All attempts to send the message use the same one. The key consists of ASCII letters, digits, dots, hyphens and
    underscores. A UUID is shortened, because a long Message-ID would be folded, and not every program undoes that.
    """
    key = _text(name.bytes) if isinstance(name, UUID) else name
    return f"<{key}.{_seal(key, address)}@{settings.SITE_HOST}>"


def sealed_address(text: str, addresses: Iterable[str]) -> str:
    """Return the first of the normalised addresses that a Message-ID in `text` is sealed to, or ""."""
    ids = SEALED.findall(text)
    matching = (
        address for address in addresses for key, seal in ids if constant_time_compare(seal, _seal(key, address))
    )
    return next(matching, "")


def sealed_key(text: str) -> str:
    """Return the key in the first Message-ID in `text` that looks like ours, or "". Don't check the seal."""
    found = SEALED.search(text)
    return found[1] if found else ""


def return_to_sender(email: EmailMessage) -> None:
    """Make BOUNCE_ADDRESS, if set, the envelope's sender, so that undeliverable messages are returned to it."""
    if settings.BOUNCE_ADDRESS:
        email.extra_headers.setdefault("From", email.from_email)
        email.from_email = settings.BOUNCE_ADDRESS


def _seal(key: str, address: str) -> str:
    return _text(keyed_hash(f"{key} {address.lower()}", "message id")[:SEAL_BYTES])


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
