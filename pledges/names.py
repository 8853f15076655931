"""How the names of signers are found again, and shown."""

import unicodedata

from campaign.forms.names import tidy
from campaign.privacy.crypto import keyed_hash


def name_hash(text: str) -> bytes:
    """16 bytes by which a name is found again, however its letters are written, large or small."""
    return keyed_hash(tidy(text).casefold(), "name")[:16]


def shown(name: str, display: str) -> str:
    """The name as its signer wants it shown: whole, or "initial": "Ruth Feldman" is "Ruth F."."""
    first, _space, rest = name.partition(" ")
    if display != "initial" or not rest:
        return name
    last = rest.split(" ")[-1]
    marks = next((place for place, c in enumerate(last[1:], 1) if not unicodedata.combining(c)), len(last))
    return f"{first} {last[:marks]}."
