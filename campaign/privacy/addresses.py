"""E-mail addresses: when two of them are the same person's."""

from campaign.privacy.crypto import keyed_hash


def canonical(address: str) -> str:
    """Return the address as it is compared: without surrounding space, in lower case."""
    return address.strip().lower()


def address_hash(address: str) -> bytes:
    """32 bytes by which an address is found again without being kept in clear."""
    return keyed_hash(canonical(address), "email")
