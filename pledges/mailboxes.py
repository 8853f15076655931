"""The hashes under which a mailbox's signatures are stored: the first signer's, and that of a person they added."""

from campaign.email_addresses.canonical import address_hash
from campaign.privacy.crypto import keyed_hash


def second_hash(address_hash: bytes | memoryview) -> bytes:
    """Return the hash under which a mailbox's second signature is stored, given the first one's (32 bytes)."""
    return keyed_hash(bytes(address_hash).hex(), "second in a mailbox")


def hashes_of(address: str) -> tuple[bytes, bytes]:
    """Return the hashes of the first and the second signature of a normalised address."""
    first = address_hash(address)
    return first, second_hash(first)
