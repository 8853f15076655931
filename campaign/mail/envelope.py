"""The Message-ID and the envelope of our messages, by which a bounce can be tied to a message that we really sent.

Anybody can write to the address to which bounces are returned. So each Message-ID contains a seal that only we can
make, from the message's key and its recipient: a bounce that returns both is about a message of ours to that address.
"""

import re
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import constant_time_compare

from campaign.privacy.crypto import keyed_hash

SEAL_BYTES = 10
SEALED = re.compile(r"<([\w.-]{1,100})\.([0-9a-f]{20})@", re.ASCII)


def message_id(key: str, address: str) -> str:
    """Return the Message-ID of the message with this key to a normalised address: "<key.seal@host>".

    It is the same whenever the message is sent. The key consists of ASCII letters, digits, dots and hyphens.
    """
    return f"<{key}.{_seal(key, address)}@{settings.SITE_HOST}>"


def sealed_address(text: str, addresses: Iterable[str]) -> str:
    """Return the first of the normalised addresses to which a Message-ID in `text` is sealed, or ""."""
    ids = SEALED.findall(text)
    matching = (
        address for address in addresses for key, seal in ids if constant_time_compare(seal, _seal(key, address))
    )
    return next(matching, "")


def return_to_sender(email: EmailMessage) -> None:
    """Have a message returned to BOUNCE_ADDRESS, if there is one, when it can't be delivered."""
    if settings.BOUNCE_ADDRESS:
        email.extra_headers.setdefault("From", email.from_email)
        email.from_email = settings.BOUNCE_ADDRESS


def _seal(key: str, address: str) -> str:
    return keyed_hash(f"{key} {address.lower()}", "message id")[:SEAL_BYTES].hex()
