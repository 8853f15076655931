"""Inputs for a date and a time."""

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _


class NamedSplitDateTime(AdminSplitDateTime):
    """Django's date and time inputs, with accessible names: Django only prints labels beside them."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, [_("Date"), _("Time")], strict=True):
            widget.attrs["aria-label"] = name
