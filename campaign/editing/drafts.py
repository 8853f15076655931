"""Forms for drafts, which may be incomplete and can be shown again without being saved."""

from copy import copy
from typing import Any

from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict


class ShownOnly:
    """A form that shows what was typed, with its errors, but is never saved."""

    def is_valid(self) -> bool:
        """Return False: see `shown_only`."""
        return False


def shown_only(request: HttpRequest, post: QueryDict) -> HttpRequest:
    """Return a request that shows the admin's form as if `post` had been posted, without saving it."""
    shown: Any = copy(request)
    shown.method, shown.POST, shown.shows_only = "POST", post, True
    shown._files = MultiValueDict()  # otherwise Django would read the body of a GET, and forget `post`
    return shown


def never_saved(request: HttpRequest, form: Any) -> Any:
    """Return the form's class, or a class that never saves if `shown_only` made the request."""
    return type(form.__name__, (ShownOnly, form), {}) if hasattr(request, "shows_only") else form


def may_be_incomplete(form: Any, facts: frozenset[str]) -> None:
    """Make a draft's text fields, and its other fields that may be NULL, optional. Facts stay required.

    Publishing checks that nothing is missing.
    """
    model = form._meta.model
    for name, field in form.base_fields.items():
        column = next((one for one in model._meta.concrete_fields if one.name == name), None)
        may_be_empty = isinstance(column, models.CharField | models.TextField) or (column is not None and column.null)
        if name not in facts and may_be_empty:
            field.required = False


def formsets_may_be_incomplete(formset: Any) -> Any:
    """Make text optional in the parts of a draft, and return the formset."""
    may_be_incomplete(formset.form, frozenset())
    return formset
