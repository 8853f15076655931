"""The hashes under which the signatures of one mailbox are stored: of the person who signed, and of one they added."""

from campaign.email_addresses.canonical import address_hash
from campaign.privacy.crypto import keyed_hash


def second_hash(address_hash: bytes | memoryview) -> bytes:
    """Return the hash under which the second signature of a mailbox is stored, from that of the first (32 bytes)."""
    return keyed_hash(bytes(address_hash).hex(), "second in a mailbox")


def hashes_of(address: str) -> tuple[bytes, bytes]:
    """Return the hashes of the first and the second signature of a normalised address."""
    first = address_hash(address)
    return first, second_hash(first)
