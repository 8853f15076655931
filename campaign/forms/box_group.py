"""A group of checkboxes."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.utils.html import format_html
from django.utils.safestring import SafeString


class BoxGroup(CheckboxSelectMultiple):
    """A group of checkboxes that screen readers announce with the label and the field's hint."""

    def __init__(self, label: Any) -> None:
        super().__init__()
        self.label = label

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index) or id_

    def render(self, name: str, *args: Any, **kwargs: Any) -> SafeString:
        boxes = super().render(name, *args, **kwargs)
        group = '<div role="group" aria-label="{}" aria-describedby="id_{}_helptext">{}</div>'
        return format_html(group, self.label, name, boxes)
