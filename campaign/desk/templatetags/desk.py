"""Labels for the cells of the admin's lists, which become cards on a phone."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def labelled(cells: Iterable[SafeString], headers: Iterable[dict[str, Any]]) -> Iterator[SafeString]:
    """Yield each cell of a row as the admin renders it, with its column's heading in `data-label`.

    The checkbox that selects a row already has a label.
    """
    headings = ["" if "action-checkbox" in str(one.get("class_attrib")) else one.get("text", "") for one in headers]
    for number, cell in enumerate(cells):
        heading = headings[number] if number < len(headings) else ""
        start, rest = cell[:3], cell[3:]
        label = format_html(' data-label="{}"', capfirst(str(heading))) if heading else ""
        # The cell is safe, and the rest is escaped.
        yield mark_safe(start + label + rest)  # noqa: S308  # nosec B308 B703  # nosemgrep: hub-safe-markup
