"""Positions of rows that organisers put in order by moving them, so that nobody has to type a number."""

from typing import Any

from django import forms
from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
from django.db import models
from django.utils.translation import gettext_lazy as _

STEP = 10
MAX_POSITION = 2**31 - 1  # the highest integer in PostgreSQL


class PositionInput(forms.NumberInput):
    """A text box for the position. static/order.js replaces it with buttons; without scripts, organisers fill it in."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "position"} | (attrs or {}))


class PositionFormField(forms.IntegerField):
    """A form field for a position. A new row with only a position counts as empty."""

    widget = PositionInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return initial is not None and super().has_changed(initial, data)


class PositionField(models.PositiveIntegerField):
    """A row's position among those of the same `whole` (a foreign key) or table. A row without a position goes last."""

    def __init__(self, *args: Any, whole: str = "", **options: Any) -> None:
        self.whole = whole
        options = {
            "verbose_name": _("position in the list"),
            "default": None,
            "blank": True,
            "help_text": _("The lowest number comes first. Leave it blank to put this last."),
        } | options
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | ({"whole": self.whole} if self.whole else {})

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": PositionFormField, "widget": PositionInput} | options)

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        """Return the row's position or, if it has none, the last row's position plus 10."""
        if getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, self._after_last(model_instance))
        position: int = super().pre_save(model_instance, add)
        return position

    def _after_last(self, row: models.Model) -> int:
        among = {self.whole: getattr(row, f"{self.whole}_id")} if self.whole else {}
        others = type(row)._default_manager.filter(**among).exclude(pk=row.pk)
        last: int = others.aggregate(last=models.Max(self.attname))["last"] or 0
        return min(last + STEP, MAX_POSITION)


FORMFIELD_FOR_DBFIELD_DEFAULTS[PositionField] = {"widget": PositionInput}
