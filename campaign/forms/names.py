"""Names as people type them, made safe to keep and to show."""

import re
import unicodedata

# Marks that change the direction of the text around them (Unicode Standard Annex 9, explicit formatting):
# a name with one could rearrange its neighbours in the list.
DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
NOT_A_NAME = re.compile(r"https?:|www\.|[@<>{}\[\]\\]")


def tidy(text: str) -> str:
    """Return the name in NFC, with single spaces and without control characters or halves of surrogate pairs."""
    text = unicodedata.normalize("NFC", text.translate(DIRECTION_MARKS))
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join(shown.split())


def is_a_name(text: str) -> bool:
    """Return whether it contains a letter, and no web address, e-mail address or markup."""
    return any(c.isalpha() for c in text) and not NOT_A_NAME.search(text)
