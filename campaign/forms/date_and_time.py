"""Inputs for a date and a time."""

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime
from django.forms import SplitDateTimeField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class NamedSplitDateTime(AdminSplitDateTime):
    """Django's date and time inputs, which share the field's label and hint."""

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the id of the hint to both inputs: Django omits it when a field has several inputs."""
        context = super().get_context(name, value, attrs)
        for widget in context["widget"]["subwidgets"]:
            widget["attrs"]["aria-describedby"] = f"{context['widget']['attrs']['id']}_0_helptext"
        return context


class NamedSplitDateTimeField(SplitDateTimeField):
    """A date and a time. Each input has a name for screen readers; Django only prints words beside the inputs."""

    widget = NamedSplitDateTime

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for widget, part in zip(self.widget.widgets, [_("date"), _("time")], strict=True):
            widget.attrs["aria-label"] = format_lazy("{}: {}", self.label, part)
