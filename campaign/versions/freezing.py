"""Conversion of objects and their parts to JSON, and back again.

The JSON has `fields`, `facts` (fields that take effect at once), `parts` and `fact_parts`. The last two map the name
of each relation, such as "demands", to a list of rows in order. Facts are stored only so that a deleted object can be
brought back. Encrypted fields are left out, because a version is never deleted.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import models

from campaign.monitoring.log_lines import Safe
from campaign.privacy.encrypted_field import EncryptedTextField

if TYPE_CHECKING:
    from campaign.versions.versioned import Versioned

log = logging.getLogger(__name__)
Content = dict[str, Any]
KEPT_BY_US = {"updated_at", "draft_changed_at", "facts_changed_at"}


@dataclass(frozen=True)
class Shape:
    """The fields of a model that are facts, and its relations that are parts."""

    facts: frozenset[str]
    parts: tuple[str, ...] = ()
    fact_parts: tuple[str, ...] = ()


def freeze(row: models.Model, shape: Shape) -> Content:
    """Return a saved object and its parts as values that JSON allows, reading each kind of part in one query."""
    fields = _fields(type(row))
    return {
        "fields": _as_json([row], fields - shape.facts)[0]["fields"],
        "facts": _as_json([row], fields & shape.facts)[0]["fields"],
        "parts": {name: _rows(row, name) for name in shape.parts},
        "fact_parts": {name: _rows(row, name) for name in shape.fact_parts},
    }


def thaw(row: "Versioned", content: Content, schema: int) -> None:
    """Replace a draft's fields and parts, in memory only, with those of a version.

    A field added to the model since then gets its default, and a removed field is dropped. A field that can't be read
    gets its default and is logged. Parts of a removed kind are dropped and logged. `row.upgrades` handles renamed
    fields.
    """
    content = upgraded(row, content, schema)
    read_fields(row, content["fields"])
    for name in row.part_names():
        _fill(row, name, content["parts"].get(name, []))
    for name in content["parts"].keys() - set(row.part_names()):
        log.error("Parts “%s” of a version of %s can't be shown.", Safe(name), Safe(row._meta.label_lower))


def upgraded(row: "Versioned", content: Content, schema: int) -> Content:
    """Upgrade a version's content in place to the model's newest schema, and return it."""
    for upgrade in row.upgrades[schema - 1 :]:
        upgrade(content)
    return content


def read_fields(row: "Versioned", fields: dict[str, Any], *, facts: bool = False) -> None:
    """Set a row's fields, or its facts, to those of a version."""
    frozen = _whole(type(row), row.pk, fields)
    wanted = _fields(type(row)) & row.facts if facts else _fields(type(row)) - row.facts
    for field in row._meta.concrete_fields:
        if field.name in wanted:
            _assign(row, field, frozen)


def thawed_parts(row: "Versioned", name: str, records: list[dict[str, Any]]) -> list[models.Model]:
    """Return unsaved rows for one kind of part of `row`, each with its old key.

    A row that can't be read is left out and logged.
    """
    relation, parts = relation_of(type(row), name), []
    for record in records:
        try:
            part = _instance(relation.related_model, record["pk"], record["fields"])
        except DeserializationError as error:
            label = relation.related_model._meta.label_lower
            log.error("A row of %s in a version can't be read (%s).", Safe(label), Safe(type(error).__name__))
        else:
            setattr(part, relation.field.name, row)
            parts.append(part)
    return parts


def relation_of(model: type[models.Model], name: str) -> Any:
    """Return the reverse relation of a model whose accessor is `name`, such as "demands"."""
    return next(relation for relation in model._meta.related_objects if relation.get_accessor_name() == name)


def _fill(row: "Versioned", name: str, records: list[dict[str, Any]]) -> None:
    """Make `row.<name>.all()` return these parts, without a query."""
    parts = thawed_parts(row, name, records)
    for part in parts:
        part.of_version = True  # type: ignore[attr-defined]  # a Part, which then can't be saved
    # A new dictionary, because a copy of a draft shares the old one with the draft.
    cache = {other: rows for other, rows in getattr(row, "_prefetched_objects_cache", {}).items() if other != name}
    row._prefetched_objects_cache = cache  # type: ignore[attr-defined]
    rows = getattr(row, name).all()
    rows._result_cache = parts
    rows._prefetch_done = True
    cache[name] = rows


def _assign(row: models.Model, field: Any, frozen: models.Model) -> None:
    """Copy one field. A foreign key becomes empty if the row that it refers to has been deleted.

    Rows that can't be deleted while a version refers to them, such as pictures, are not looked up.
    """
    value = getattr(frozen, field.attname)
    may_be_gone = field.is_relation and not getattr(field.related_model, "kept_for_versions", False)
    if may_be_gone and value not in (None, getattr(row, field.attname)):
        other = field.related_model._base_manager.filter(pk=value).first()
        setattr(row, field.name, other)
    else:
        setattr(row, field.attname, value)


def _whole(model: type[models.Model], pk: Any, fields: dict[str, Any]) -> models.Model:
    """Return an unsaved row with its key, leaving out the fields that can't be read."""
    try:
        return _instance(model, pk, fields)
    except DeserializationError:
        return _instance(model, pk, {name: value for name, value in fields.items() if _can_be_read(model, name, value)})


def _can_be_read(model: type[models.Model], name: str, value: Any) -> bool:
    try:
        _instance(model, None, {name: value})
    except DeserializationError as error:
        label = model._meta.label_lower
        log.error(
            "Field “%s” of a version of %s can't be read (%s).", Safe(name), Safe(label), Safe(type(error).__name__)
        )
        return False
    return True


def _instance(model: type[models.Model], pk: Any, fields: dict[str, Any]) -> models.Model:
    """Return an unsaved row with its key. Raises DeserializationError if a value can't be read."""
    record = {"model": model._meta.label_lower, "pk": pk, "fields": fields}
    [found] = serializers.deserialize("python", [record], ignorenonexistent=True)
    for field in model._meta.concrete_fields:
        if hasattr(field, "cleaned"):
            setattr(found.object, field.attname, field.cleaned(getattr(found.object, field.attname)))
    return found.object


def _rows(row: models.Model, name: str) -> list[dict[str, Any]]:
    relation = relation_of(type(row), name)
    fields = _fields(relation.related_model) - {relation.field.name}
    records = _as_json(getattr(row, name).all(), fields)
    return [{"pk": record["pk"], "fields": record["fields"]} for record in records]


def _fields(model: type[models.Model]) -> set[str]:
    """Return the names of the fields that a version stores."""
    own = (one for one in model._meta.concrete_fields if not one.primary_key)
    return {one.name for one in own if one.name not in KEPT_BY_US and not isinstance(one, EncryptedTextField)}


def _as_json(rows: Iterable[models.Model], fields: set[str]) -> list[dict[str, Any]]:
    return json.loads(serializers.serialize("json", rows, fields=fields))
