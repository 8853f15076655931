"""The details that an entry of the audit log may contain: names of fields, codes and numbers.

Text with a capital letter, a space or an @ is refused, so no names or addresses get into rows that nobody can delete.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

MAX_ITEMS = 60
CODE = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,79}")


def is_number(value: object) -> bool:
    """Return whether a value is a whole number that isn't negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_code(value: object) -> bool:
    """Return whether a value is a code, such as "held" or "pledges.export": lower-case ASCII without spaces."""
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def are_codes(value: object) -> bool:
    """Return whether a value is a list of at most 60 codes."""
    return isinstance(value, list) and len(value) <= MAX_ITEMS and all(map(is_code, value))


ALLOWED: dict[str, Callable[[object], bool]] = {
    "fields": are_codes,  # names of the fields that were changed
    "parts": are_codes,  # kinds of the parts that were added, changed or deleted, such as "pledges.demand"
    "rights": are_codes,
    "kind": is_code,
    "state": is_code,
    "reason": is_code,
    "format": is_code,
    "purpose": is_code,
    "date": is_code,  # in ISO 8601, such as 2027-04-27
    "count": is_number,
    "people": is_number,
    "request": is_number,
    "version": is_number,
    "entry": is_number,
}


def allowed(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return the detail without empty values. Raises ValueError for a key or value that isn't allowed."""
    kept = {name: value for name, value in detail.items() if value not in (None, "", [])}
    for name, value in kept.items():
        if name not in ALLOWED or not ALLOWED[name](value):
            raise ValueError(f"The audit log doesn't accept this value of {name!r}.")
    return kept


LABELS: dict[str, Any] = {
    "fields": _("fields"),
    "parts": _("parts"),
    "rights": _("rights"),
    "kind": _("kind"),
    "state": _("state"),
    "reason": _("reason"),
    "format": _("format"),
    "purpose": _("purpose"),
    "date": _("date"),
    "count": _("number"),
    "people": _("people"),
    "request": _("request"),
    "entry": _("entry"),
    "version": _("version"),
}


def in_words(detail: Mapping[str, Any]) -> str:
    """Return a detail as text, such as "fields: title, goal; number: 3"."""
    values = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in detail.items()}
    return "; ".join(f"{LABELS.get(name, name)}: {value}" for name, value in values.items())
