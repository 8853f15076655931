"""The differences between two states of an object, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from campaign.versions.freezing import Content, relation_of

WORDS = re.compile(r"\s+|[^\s]+")
BLOCK_ENDS = re.compile(r"</(?:p|h2|h3|li|blockquote)>|<br\s*/?>")
MAX_WORDS = 5000  # including the spaces between them


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `kind` is "same", "inserted" or "deleted"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that differs: its name, and its text in pieces."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class PartDifference:
    """A part that differs: `kind` is "inserted", "deleted", "moved" or "changed"."""

    label: str
    kind: str
    differences: list[Difference] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        """Return what happened to the part, such as "moved"."""
        words = {"inserted": _("added"), "deleted": _("removed"), "moved": _("moved"), "changed": _("changed")}
        return words[self.kind]


def compare(model: type[models.Model], old: Content, new: Content) -> tuple[list[Difference], list[PartDifference]]:
    """Return the fields and the parts that differ between the contents of two versions."""
    parts = []
    for name in sorted({*old["parts"], *new["parts"]}):
        relation = next((one for one in model._meta.related_objects if one.get_accessor_name() == name), None)
        if relation is not None:
            kind = relation_of(model, name).related_model
            parts += _compare_parts(kind, old["parts"].get(name, []), new["parts"].get(name, []))
    return _compare_fields(model, old["fields"], new["fields"]), parts


def words(old: str, new: str) -> list[Piece]:
    """Merge both texts into a list of pieces that are the same, deleted or inserted.

    Only the text between the common beginning and the common end is compared word by word. If it is longer than
    `MAX_WORDS`, comparing it would take too long, so the old text becomes one deleted piece and the new text one
    inserted piece.
    """
    before, after = WORDS.findall(old), WORDS.findall(new)
    start = _same_at_start(before, after)
    end = _same_at_start(before[start:][::-1], after[start:][::-1])
    first, last = before[:start], before[len(before) - end :]
    middle = _compare_words(before[start : len(before) - end], after[start : len(after) - end])
    pieces = [Piece("same", "".join(first)), *middle, Piece("same", "".join(last))]
    return [piece for piece in pieces if piece.text]


def _same_at_start(old: list[str], new: list[str]) -> int:
    """Return how many words the two lists have in common at the start."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(old), len(new)))


def _compare_words(before: list[str], after: list[str]) -> Iterator[Piece]:
    if max(len(before), len(after)) > MAX_WORDS:
        yield from (Piece("deleted", "".join(before)), Piece("inserted", "".join(after)))
        return
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[start:end]))
        else:
            yield Piece("deleted", "".join(before[start:end]))
            yield Piece("inserted", "".join(after[new_start:new_end]))


def _compare_fields(model: type[models.Model], old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    known = {one.name: one for one in model._meta.concrete_fields}
    found = []
    for name in [name for name in {**old, **new} if name in known]:
        before, after = (_text(known[name], values.get(name)) for values in (old, new))
        if before != after:
            found.append(Difference(str(known[name].verbose_name), words(before, after)))
    return found


def _compare_parts(model: Any, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[PartDifference]:
    before, after = ({row["pk"]: _without_place(row["fields"]) for row in rows} for rows in (old, new))
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    found = []
    for key in {**before, **after}:
        differences = _compare_fields(model, before.get(key, {}), after.get(key, {}))
        kind = "deleted" if key not in after else "inserted" if key not in before else "changed" if differences else ""
        if kind or key in moved:
            found.append(PartDifference(str(model._meta.verbose_name), kind or "moved", differences))
    return found


def _moved(old: list[Any], new: list[Any]) -> set[Any]:
    """Return the keys of the parts whose place among the others has changed."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    kept = {old[index] for block in matcher.get_matching_blocks() for index in range(block.a, block.a + block.size)}
    return set(old) - kept


def _without_place(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in ("order", "ordering", "region")}


def _text(column: Any, value: Any) -> str:
    """Return a field's value as an organiser would read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(column, "in_words"):
        return str(column.in_words(value))
    choices = {str(key): str(name) for key, name in column.flatchoices or ()}
    text = choices.get(str(value), str(value))
    if column.is_relation:
        other = column.related_model._base_manager.filter(pk=value).first()
        return str(other) if other else _("something that has been deleted")
    return strip_tags(BLOCK_ENDS.sub("\n", text)).strip() if hasattr(column, "cleaned") else text
