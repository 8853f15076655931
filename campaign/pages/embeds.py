"""The kinds of object that a page can embed, such as pledges. Each app registers its own kinds."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

MAX_CHOICES = 200


@dataclass(frozen=True)
class Embeddable:
    """A kind of object that pages can embed, whose queryset has `published()`.

    `name` is the plural that organisers see, `model` is a label such as "pledges.pledge", and `template` shows one
    `object`. `annotated` adds the values that the template needs to a queryset.
    """

    name: Any
    model: str
    template: str
    annotated: Callable[[Any], models.QuerySet] = field(default=lambda rows: rows)

    def published(self, keys: Iterable[int]) -> models.QuerySet:
        """Return the objects with these keys that visitors may see."""
        rows: Any = apps.get_model(self.model)._default_manager
        return self.annotated(rows.published().filter(pk__in=keys))


KINDS: dict[str, Embeddable] = {}


def embeddable(kind: Embeddable) -> None:
    """Register a kind of object that pages can embed."""
    KINDS[kind.model] = kind


def target_of(row: models.Model) -> str:
    """Return the target by which a card names an object, such as "pledges.pledge:12"."""
    return f"{row._meta.label_lower}:{row.pk}"


def split(target: str) -> tuple[str, int] | None:
    """Return the kind and the key in a target, or None if there is no such kind or the key isn't a number."""
    kind, _colon, key = target.partition(":")
    return (kind, int(key)) if kind in KINDS and key.isascii() and key.isdigit() and len(key) < 19 else None


def published(targets: Iterable[str]) -> dict[str, Any]:
    """Return the targets' objects that visitors may see, by target, with one query for each kind."""
    keys: dict[str, set[int]] = defaultdict(set)
    for kind, key in filter(None, map(split, targets)):
        keys[kind].add(key)
    rows = (row for kind, wanted in keys.items() for row in KINDS[kind].published(wanted))
    return {target_of(row): row for row in rows}


def title_of(target: str) -> str:
    """Return the title of a target's draft, or "" if there is no such object."""
    found = split(target)
    row = apps.get_model(found[0])._base_manager.filter(pk=found[1]).first() if found else None
    return str(row) if row else ""


def choices(without: str = "") -> list[tuple[Any, Any]]:
    """Return the choices for organisers. They include drafts, which may be published together with the page.

    `without` is a kind to leave out, such as "pages.update".
    """
    groups: list[tuple[Any, Any]] = [("", "---------")]
    for kind in KINDS.values():
        if kind.model == without:
            continue
        rows = apps.get_model(kind.model)._base_manager.order_by("title").values_list("pk", "title")
        groups.append((kind.name, [(f"{kind.model}:{key}", title) for key, title in rows[:MAX_CHOICES]]))
    return groups
