"""Problems to correct before a draft can be published."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from campaign.versions.freezing import relation_of

if TYPE_CHECKING:
    from campaign.versions.versioned import Versioned


@dataclass(frozen=True)
class Problem:
    """One thing to correct: where it is (in words), what is wrong, the field's id in the admin's form, and a code.

    The id is "" if no field is wrong. The code is that of the ValidationError, for pages that treat it specially.
    """

    label: str
    text: str
    field_id: str
    code: str = ""


class NotReadyError(Exception):
    """The draft can't be published yet. The attribute `problems` lists what to correct."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(f"{len(found)} to correct")
        self.problems = found


def problems(row: "Versioned") -> list[Problem]:
    """Return what is missing or wrong in a saved draft and its parts, or an empty list if it can be published."""
    found = list(_of(row, "id_", ()))
    for name in (*row.part_names(), *row.fact_parts):
        whole = relation_of(type(row), name).field.name
        for position, part in enumerate(getattr(row, name).all()):
            found += _of(part, f"id_{name}-{position}-", (whole,))
    return found


def _of(row: models.Model, prefix: str, exclude: tuple[str, ...]) -> Iterator[Problem]:
    try:
        row.full_clean(exclude=exclude)
        getattr(row, "check_publishable", lambda: None)()
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            yield from (_problem(row, prefix, name, text, one.code) for one in errors for text in _texts(one))


def _texts(error: ValidationError) -> list[str]:
    """Return an error in words, replacing Django's "This field cannot be blank.", which is wrong for a draft."""
    return [_("This is still empty.")] if error.code in ("blank", "null") else error.messages


def _problem(row: models.Model, prefix: str, name: str, text: str, code: str | None) -> Problem:
    kind = str(row._meta.verbose_name)
    if name == NON_FIELD_ERRORS:
        return Problem(kind, text, "", code or "")
    field: Any = row._meta.get_field(name)
    label = str(field.verbose_name) if prefix == "id_" else f"{kind}: {field.verbose_name}"
    return Problem(label, text, f"{prefix}{name}", code or "")
