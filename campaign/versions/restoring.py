"""Restoring an earlier version as the draft, and bringing back deleted objects."""

from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from campaign.versions.freezing import read_fields, thawed_parts, upgraded
from campaign.versions.models import Version
from campaign.versions.versioned import Versioned

Row = TypeVar("Row", bound=Versioned)


class NotRestorableError(Exception):
    """A deleted object can't be brought back, because something else has taken its place. The message says what."""


@transaction.atomic
def restore(row: Versioned, version: Version, by: User) -> None:
    """Make `version` the draft of `row` again. The current draft becomes a version that never goes live."""
    locked = type(row)._base_manager.select_for_update(no_key=True).get(pk=row.pk)
    locked.keep(by, _("Before version %(number)s was restored") % {"number": version.number})
    content = upgraded(locked, version.content, version.schema)
    read_fields(locked, content["fields"])
    locked.save()
    for name in locked.part_names():
        getattr(locked, name).all().delete()
        _save_parts(locked, name, content["parts"].get(name, []))


@transaction.atomic
def bring_back(model: type[Row], version: Version) -> Row:
    """Save a deleted object again, with its old key and parts but hidden from visitors, and return it.

    Raises NotRestorableError if, for instance, something else has taken its web address.
    """
    row = model(pk=version.object_id)
    content = upgraded(row, version.content, version.schema)
    read_fields(row, content["fields"])
    read_fields(row, content["facts"], facts=True)
    if hasattr(row, "published"):
        row.published = False
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        raise NotRestorableError(" ".join(error.messages)) from error
    row.save(force_insert=True)
    for parts in ("parts", "fact_parts"):
        for name, records in content[parts].items():
            _save_parts(row, name, records)
    return row


def _save_parts(row: Versioned, name: str, records: list[dict[str, Any]]) -> None:
    """Save the parts with their old keys. A part whose key another row has taken gets a new key."""
    parts: list[models.Model] = thawed_parts(row, name, records)
    keys = [part.pk for part in parts]
    taken = set(type(parts[0])._base_manager.filter(pk__in=keys).values_list("pk", flat=True)) if parts else set()
    for part in parts:
        if part.pk in taken:
            part.pk = None
        _empty_dead_references(part)
        part.save(force_insert=True)


def _empty_dead_references(part: models.Model) -> None:
    """Empty each foreign key to a deleted row. Raises NotRestorableError if the part needs that row."""
    for field in part._meta.concrete_fields:
        related: Any = field.related_model
        if not field.is_relation or getattr(part, field.attname) is None:
            continue
        if related._base_manager.filter(pk=getattr(part, field.attname)).exists():
            continue
        setattr(part, field.attname, None)
        try:
            part.clean_fields(exclude=[other.name for other in part._meta.concrete_fields if other != field])
            part.validate_constraints(exclude=[])
        except ValidationError as error:
            refused = _("It can’t be brought back, because this has been deleted: %(thing)s.")
            raise NotRestorableError(refused % {"thing": related._meta.verbose_name}) from error
