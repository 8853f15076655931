"""Form fields that are hidden until their summary is opened."""

from typing import Any

from crispy_forms.layout import Div


class Details(Div):
    """A collapsible part of a form. It uses `<details>`, so it needs no JavaScript."""

    template = "hub/layout/details.html"

    def __init__(self, summary: Any, *fields: Any, is_open: bool = False) -> None:
        super().__init__(*fields)
        self.summary, self.is_open = summary, is_open
