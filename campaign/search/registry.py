"""The kinds of content that visitors can search. Each app registers its own kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class Searchable:
    """A kind of content with versions, and those of its fields that visitors may search.

    `model` is a label, such as "pledges.pledge". `parts` names fields of each kind of part, such as {"demands":
    ["text"]}. `leaving_out` gives the facts of objects to leave out, such as {"is_example": True}. `only_first` is for
    a kind of which the site shows only the first published object. Name only fields that the object's page shows to
    everybody. The title is always included.
    """

    model: str
    fields: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leaving_out: Mapping[str, Any] = field(default_factory=dict)
    only_first: bool = False

    def published(self) -> Any:
        """Return the objects of this kind that visitors may see now, each with its live version."""
        rows: Any = apps.get_model(self.model)._default_manager
        seen: models.QuerySet = rows.published()
        if self.only_first:
            return seen.filter(pk__in=rows.published().values("pk")[:1])
        return seen.exclude(**self.leaving_out) if self.leaving_out else seen


KINDS: dict[str, Searchable] = {}


def searchable(kind: Searchable) -> None:
    """Register a kind of content that visitors can search."""
    KINDS[kind.model] = kind
