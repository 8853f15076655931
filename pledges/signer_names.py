"""How the names of signers are searched for."""

from campaign.forms.names import tidy
from campaign.privacy.crypto import keyed_hash


def name_hash(text: str) -> bytes:
    """Return 16 bytes to find a name by, whatever its capitals, spaces and encoding."""
    return keyed_hash(tidy(text).casefold(), "name")[:16]
