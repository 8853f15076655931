"""The names that organisers see for each kind of message."""

from django.utils.functional import Promise

NAMES: dict[str, Promise] = {}


def kind_name(kind: str) -> str:
    """Return the name of a kind, such as "Confirmation of a signature", or its code if this version doesn't know it."""
    return str(NAMES.get(kind, kind))
