"""How the names of signers are searched for."""

from itertools import product

from campaign.forms.names import tidy
from campaign.privacy.crypto import keyed_hash
from campaign.text.lookalikes import ordinary

FORMER_APOSTROPHES = "'’‘"
FORMER_DASHES = "-‐‑–"


def name_hash(text: str) -> bytes:
    """Return 16 bytes to find a name by, whatever its capitals, spaces, apostrophes, dashes and encoding."""
    return _hash(ordinary(tidy(text).casefold()))


def name_hashes(text: str) -> list[bytes]:
    """Return the hashes under which a name may be stored.

    The hashes of the oldest signatures depend on the apostrophes and dashes in the name. So try those of a keyboard,
    those of a phone, and those that were typed.
    """
    name = tidy(text).casefold()
    forms = {_written(name, *marks) for marks in product(FORMER_APOSTROPHES, FORMER_DASHES)}
    return [_hash(form) for form in sorted(forms | {name})]


def _written(name: str, apostrophe: str, dash: str) -> str:
    return ordinary(name).translate(str.maketrans("'-", apostrophe + dash))


def _hash(text: str) -> bytes:
    return keyed_hash(text, "name")[:16]
