"""Filtering and sorting the tracker's list, without JavaScript. Any URL parameters give a list."""

import math
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Code, Sector
from actions.businesses.tracker.listing import Listed

BRANDS_A_PAGE = 50
MAX_WORDS = 100  # characters
ORDER = {code: number for number, code in enumerate(Code)}


def _days_left(row: Listed) -> float:
    """Return how many days are left until a commitment's deadline, or infinity if no deadline is ahead."""
    left = row.status.days_left()
    return math.inf if left is None else left


SORTS: dict[str, Callable[[Listed], Any]] = {
    "name": lambda row: 0,
    "status": lambda row: ORDER[row.status.code],
    "date": lambda row: -row.status.day.toordinal(),
    "deadline": _days_left,
}
LABELS = {"name": _("Name"), "status": _("Status"), "date": _("Newest first"), "deadline": _("Next deadline")}


class ListForm(forms.Form):
    """A form for what to list, in what order. It offers only statuses, sectors and countries that some brand has."""

    q = forms.CharField(label=_("Name or product"), required=False, max_length=MAX_WORDS)
    status = forms.ChoiceField(label=_("Status"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=list(LABELS.items()))

    def __init__(self, rows: list[Listed], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors, codes = {row.sector for row in rows}, {row.status.code for row in rows}
        countries = {(row.country, row.country_name) for row in rows if row.country_name}
        self._offer("status", _("Any status"), [choice for choice in Code.choices if choice[0] in codes])
        self._offer("sector", _("Any sector"), [choice for choice in Sector.choices if choice[0] in sectors])
        self._offer("country", _("Any country"), sorted(countries, key=lambda choice: simplified(choice[1])))

    def _offer(self, name: str, anything: Any, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", anything), *choices]


class Selection:
    """The brands that a URL's parameters select. Parameters that make no sense are ignored."""

    def __init__(self, rows: list[Listed], parameters: QueryDict) -> None:
        asked = ListForm(rows, parameters)
        asked.is_valid()
        self.values = {name: asked.cleaned_data[name] for name in asked.fields if asked.cleaned_data.get(name)}
        self.form = ListForm(rows, initial=self.values)
        self.page: Page = Paginator(self._found(rows), BRANDS_A_PAGE).get_page(parameters.get("page"))

    @property
    def query(self) -> str:
        """Return the parameters that make sense, such as "q=cotton&sort=date", for links to other pages of the list."""
        return urlencode(self.values)

    @property
    def is_filtered(self) -> bool:
        """Return whether some brands may be left out."""
        return bool(self.values.keys() - {"sort"})

    def _found(self, rows: list[Listed]) -> list[Listed]:
        same = [name for name in ("sector", "country") if name in self.values]
        found = [row for row in rows if all(getattr(row, name) == self.values[name] for name in same)]
        if "status" in self.values:
            found = [row for row in found if row.status.code == self.values["status"]]
        words = simplified(self.values.get("q", "")).split()
        if words:
            found = [row for row in found if _has(row, words)]
        return sorted(found, key=SORTS[self.values.get("sort", "name")])


def simplified(text: str) -> str:
    """Return a text in lower case without accents, so that "cafe" finds "Café"."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _has(row: Listed, words: list[str]) -> bool:
    text = simplified(" ".join([row.name, row.other_names, row.parent, row.products]))
    return all(word in text for word in words)
