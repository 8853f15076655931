"""The places where organisers write links: every row with a field for links, and the page that edits the row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from campaign.links.fields import HoldsLinks

MAX_ROWS = 5000


@dataclass(frozen=True)
class Place:
    """One link in one field of one row."""

    address: str
    row: models.Model
    field: str

    @property
    def edited(self) -> models.Model | None:
        """Return the row whose admin page edits the link: `row` itself, or the whole that it is part of."""
        return _edited(self.row)

    @property
    def url(self) -> str:
        """Return the address of that admin page, at its list of findings, or "" if there isn't one."""
        options: Any = self.edited and self.edited._meta
        if not self.edited:
            return ""
        name = f"admin:{options.app_label}_{options.model_name}_change"
        return f"{reverse(name, args=[self.edited.pk])}#checks"


def places() -> Iterator[Place]:
    """Yield every link in every row that organisers write, with one query per model."""
    for model in apps.get_models():
        fields = [field for field in model._meta.get_fields() if isinstance(field, HoldsLinks)]
        if not fields:
            continue
        wholes = [key.name for key in _foreign_keys(model)] if not _is_registered(model) else []
        rows = model._base_manager.select_related(*wholes) if wholes else model._base_manager.all()
        for row in rows.order_by("pk")[:MAX_ROWS]:
            yield from links_of(row)


def links_of(row: models.Model) -> Iterator[Place]:
    """Yield each link in the fields of one row."""
    for field in row._meta.get_fields():
        if isinstance(field, HoldsLinks):
            name = str(field.name)
            yield from (Place(address, row, name) for address in field.addresses_in(getattr(row, name)))


def _edited(row: models.Model) -> models.Model | None:
    if _is_registered(type(row)):
        return row
    wholes = (getattr(row, key.name) for key in _foreign_keys(type(row)))
    return next((whole for whole in wholes if whole is not None and _is_registered(type(whole))), None)


def _is_registered(model: type[models.Model]) -> bool:
    return model in admin.site._registry


def _foreign_keys(model: type[models.Model]) -> list[models.ForeignKey]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
