"""The version of a pledge's page, by which a process knows whether it has rendered the page already."""

from datetime import datetime
from typing import Any

from django.http import Http404

from campaign.compiled import CompiledQuery
from pledges.models import Pledge

_VERSION = CompiledQuery(lambda slug: Pledge.objects.published().filter(slug=slug).versions())


def page_version(slug: str) -> tuple[datetime | None, tuple[Any, ...]]:
    """Return when the site next changes (aware), or None, and values that change with the page, in printable form.

    Raises Http404 if visitors may see no such pledge.
    """
    row = _VERSION.first(slug)
    if row is None:
        raise Http404
    next_change, *version = row
    return next_change, tuple(version)
