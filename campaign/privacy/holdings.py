"""Everything that we hold about a person, to answer a subject access request (UK GDPR, article 15).

Each app registers a function that finds what it holds under an e-mail address. Rows are described field by field, so
that the answer includes new columns automatically.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaign.privacy.crypto import DecryptionError
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.privacy.sealed_field import SealedField

MAX_ROWS = 1000
Find = Callable[[str], Iterable["Entry"]]
FINDERS: list[Find] = []


@dataclass(frozen=True)
class Entry:
    """One piece of data that we hold: its name, such as "signature", and its labelled values."""

    what: str
    values: list[tuple[str, str]]


def holds(find: Find) -> Find:
    """Register a function that returns the entries held under a normalised address."""
    FINDERS.append(find)
    return find


def held_about(address: str) -> list[Entry]:
    """Return every entry that any app holds under a normalised address."""
    return [entry for find in FINDERS for entry in find(address)]


def holds_anything(address: str) -> bool:
    """Return whether any app holds data about a normalised address."""
    return any(True for find in FINDERS for _entry in find(address))


def entries(rows: models.QuerySet[Any], *, leave_out: Iterable[str] = (), note: str = "") -> Iterator[Entry]:
    """Yield an entry for each of the first 1,000 rows, then one that says so if there are more.

    The heading is the model's name, followed by any `note`. Rows are read one at a time, so that one that can't be
    decrypted is reported without losing the others.
    """
    what = heading(str(rows.model._meta.verbose_name), note)
    keys = list(rows.values_list("pk", flat=True)[: MAX_ROWS + 1])
    for key in keys[:MAX_ROWS]:
        try:
            row = rows.model._default_manager.filter(pk=key).first()
        except DecryptionError:
            yield Entry(what, [(_("Not readable"), _("The key that encrypted this is no longer available."))])
        else:
            yield from [Entry(what, list(described(row, set(leave_out))))] if row else []
    if len(keys) > MAX_ROWS:
        yield Entry(what, [(_("Not shown"), _("There are more than 1,000 records of this kind."))])


def heading(name: str, note: str) -> str:
    """Return a heading such as "Signature", or "Signature – of somebody else" with that note."""
    return " – ".join(part for part in (capfirst(name), note) if part)


def described(row: models.Model, leave_out: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the label and text of each field of a row, except empty ones and those to leave out."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name)
        if field.name not in leave_out and value not in (None, "", b""):
            yield capfirst(str(field.verbose_name)), _text(field, row, value)


def _text(field: models.Field, row: models.Model, value: Any) -> str:
    """Return a value as readable text."""
    in_words = getattr(row, f"get_{field.name}_display", None)
    if in_words:
        return str(in_words())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.BinaryField) and not isinstance(field, EncryptedTextField | SealedField):
        return _("a code that can’t be turned back into anything readable")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
