"""Names as people type them, made safe to keep and to show."""

import re
import unicodedata

from campaign.privacy.crypto import keyed_hash

# Marks that turn the direction of the text around them (Unicode Standard Annex 9, explicit formatting):
# a name with one could rearrange its neighbours in the list.
DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
NOT_A_NAME = re.compile(r"https?:|www\.|[@<>{}\[\]\\]")


def tidy(text: str) -> str:
    """Return the name in NFC, with single spaces and without invisible control characters."""
    text = unicodedata.normalize("NFC", text.translate(DIRECTION_MARKS))
    shown = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(shown.split())


def is_a_name(text: str) -> bool:
    """Whether it has a letter in it, and no web or mail address or markup."""
    return any(c.isalpha() for c in text) and not NOT_A_NAME.search(text)


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
