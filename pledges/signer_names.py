"""Hashes for finding signers by name."""

from itertools import product

from campaign.forms.names import tidy
from campaign.privacy.crypto import keyed_hash
from campaign.text.lookalikes import ordinary

FORMER_APOSTROPHES = "'’‘"
FORMER_DASHES = "-‐‑–"


def name_hash(text: str) -> bytes:
    """Return a 16-byte hash to find a name by, ignoring capitals, spaces, apostrophes, dashes and encoding."""
    return _hash(ordinary(tidy(text).casefold()))


def name_hashes(text: str) -> list[bytes]:
    """Return the hashes under which a name may be stored.

    In the oldest signatures, the hash depends on which apostrophes and dashes were typed. So try the kinds on
    keyboards and on phones as well as those in `text`.
    """
    name = tidy(text).casefold()
    forms = {_written(name, *marks) for marks in product(FORMER_APOSTROPHES, FORMER_DASHES)}
    return [_hash(form) for form in sorted(forms | {name})]


def _written(name: str, apostrophe: str, dash: str) -> str:
    return ordinary(name).translate(str.maketrans("'-", apostrophe + dash))


def _hash(text: str) -> bytes:
    return keyed_hash(text, "name")[:16]
