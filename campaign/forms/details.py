"""Parts of forms: fields hidden until their summary is opened, and fields that share a legend."""

from typing import Any

from crispy_forms.layout import Div


class Details(Div):
    """A collapsible part of a form. It uses `<details>`, so it needs no JavaScript."""

    template = "hub/layout/details.html"

    def __init__(self, summary: Any, *fields: Any, is_open: bool = False) -> None:
        super().__init__(*fields)
        self.summary, self.is_open = summary, is_open


class Group(Div):
    """A part of a form with a legend, which several fields share."""

    template = "hub/layout/group.html"

    def __init__(self, legend: Any, *fields: Any) -> None:
        super().__init__(*fields)
        self.legend = legend
