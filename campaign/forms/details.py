"""Fields that are folded away until somebody asks for them."""

from typing import Any

from crispy_forms.layout import Div


class Details(Div):
    """A part of a form under a summary that opens it. It needs no JavaScript: `<details>` does it all."""

    template = "hub/layout/details.html"

    def __init__(self, summary: Any, *fields: Any, is_open: bool = False) -> None:
        super().__init__(*fields)
        self.summary, self.is_open = summary, is_open
