"""Encryption of personal data, and the keyed hashes for finding it.

AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D); hashes and tokens are HMAC-SHA-256. Every key is derived from
one of FIELD_KEYS by HKDF (RFC 5869) for its own purpose. A stored value starts with the first four bytes of its key's
fingerprint, so that old values stay readable after a new key is put first.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
KEY_ID_BYTES = 4
CIPHERTEXT_START = KEY_ID_BYTES + NONCE_BYTES


class DecryptionError(Exception):
    """The value is damaged, or the key that encrypted it is no longer in FIELD_KEYS."""


def encrypt(text: str, purpose: str) -> bytes:
    """Return the key id, nonce and ciphertext of `text`, joined. Only the same `purpose` decrypts them."""
    key = _keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = _cipher(key).encrypt(nonce, text.encode(), purpose.encode())
    return _key_id(key) + nonce + ciphertext


def decrypt(value: bytes, purpose: str) -> str:
    """Undo `encrypt`. Raises DecryptionError."""
    cipher = _ciphers(tuple(settings.FIELD_KEYS)).get(value[:KEY_ID_BYTES])
    nonce, ciphertext = value[KEY_ID_BYTES:CIPHERTEXT_START], value[CIPHERTEXT_START:]
    if cipher is None:
        raise DecryptionError
    try:
        return cipher.decrypt(nonce, ciphertext, purpose.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise DecryptionError from error


def keyed_hash(text: str, purpose: str) -> bytes:
    """Return 32 bytes that are the same for the same text and purpose, and reveal nothing without the key.

    It uses HASH_KEY, which stays the same when FIELD_KEYS change: the text behind a hash may have been erased, so the
    hash can't be recomputed.
    """
    return hmac.digest(_derive(_hash_key(), f"hash:{purpose}"), text.encode(), "sha256")


def token(name: str, purpose: str) -> str:
    """Return a secret for a link (43 characters), which only we can derive from `name`, and nobody else can guess."""
    return urlsafe_b64encode(keyed_hash(name, f"token:{purpose}")).decode().rstrip("=")


def token_hash(token: str) -> bytes:
    """Return what we store of a token: its SHA-256 hash (32 bytes), from which it can't be recovered."""
    return hashlib.sha256(token.encode()).digest()


@cache
def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"campaign hub {purpose}".encode()).derive(key)


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derive(key, "encrypt"))


@cache
def _ciphers(texts: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """Return each key's cipher, by the bytes with which the values that it has encrypted begin."""
    return {_key_id(key): _cipher(key) for key in _decoded(texts)}


@cache
def _key_id(key: bytes) -> bytes:
    return _derive(key, "id")[:KEY_ID_BYTES]


def _keys() -> list[bytes]:
    """Return FIELD_KEYS as bytes, newest first. Raises ImproperlyConfigured unless each is 32 bytes."""
    return _decoded(tuple(settings.FIELD_KEYS))


def newest_key_id() -> bytes:
    """Return the first four bytes of every value that is encrypted with the newest key."""
    return _key_id(_keys()[0])


def hash_key_mark() -> bytes:
    """Return four bytes that identify the hash key."""
    return _key_id(_hash_key())


def _hash_key() -> bytes:
    """Return HASH_KEY, or else the oldest of FIELD_KEYS, as bytes."""
    return _decoded((settings.HASH_KEY,))[0] if settings.HASH_KEY else _keys()[-1]


@cache
def _decoded(texts: tuple[str, ...]) -> list[bytes]:
    try:
        keys = [urlsafe_b64decode(text + "=" * (-len(text) % 4)) for text in texts]
    except ValueError as error:
        raise ImproperlyConfigured("FIELD_KEYS must be URL-safe base64.") from error
    if not keys or any(len(key) != 32 for key in keys):
        raise ImproperlyConfigured("FIELD_KEYS needs at least one key, each of 32 bytes.")
    return keys
