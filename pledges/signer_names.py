"""How the names of signers are searched for and shown."""

import unicodedata

from campaign.forms.names import tidy
from campaign.privacy.crypto import keyed_hash


def name_hash(text: str) -> bytes:
    """Return 16 bytes to find a name by, whatever its capitals, spaces and encoding."""
    return keyed_hash(tidy(text).casefold(), "name")[:16]


def shown(name: str, display: str) -> str:
    """Return the name as its signer wants it shown: in full, or for "initial" as "Ruth F."."""
    first, _space, rest = name.partition(" ")
    if display != "initial" or not rest:
        return name
    last = rest.split(" ")[-1]
    marks = next((place for place, c in enumerate(last[1:], 1) if not unicodedata.combining(c)), len(last))
    return f"{first} {last[:marks]}."
