"""Sealing: what is sealed to the organisers' key can be opened only with its private half, which is not on the server.

It is libsodium's sealed box (X25519, XSalsa20-Poly1305, BLAKE2b), made with a new key pair each time. As text, a box is
"sealed:" and base64. `campaign/sealing/open_sealed.py` and the page that works offline open it.
"""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

PREFIX = "sealed:"
BLOCK = 64


def organisers_key() -> PublicKey | None:
    """Return SEALING_KEY, or None if nothing is sealed. Raises ImproperlyConfigured for any other text."""
    if not settings.SEALING_KEY:
        return None
    try:
        return PublicKey(b64decode(settings.SEALING_KEY, validate=True))
    except (CryptoError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(
            "SEALING_KEY must be the public key, as the page for sealed names shows it."
        ) from error


def seal(values: Mapping[str, str], key: PublicKey) -> str:
    """Return a box with these values, as text.

    Spaces, which JSON allows at its end, fill it up to a multiple of 64 bytes, so that its length says little about a
    name's.
    """
    text = json.dumps(dict(values), ensure_ascii=False).encode()
    padded = text.ljust(-(-len(text) // BLOCK) * BLOCK)
    return as_text(SealedBox(key).encrypt(padded))


def as_text(box: bytes) -> str:
    """Return a box's bytes as text. Its first letter can't begin a formula in a spreadsheet."""
    return PREFIX + b64encode(box).decode()


def as_bytes(text: str) -> bytes:
    """Undo `as_text`. Raises ValueError."""
    try:
        return b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("This is not a sealed box.") from error
