"""The version of a pledge's page, which tells a process whether it has already rendered the page."""

from datetime import datetime
from typing import Any

from django.http import Http404

from campaign.versions.compiled import CompiledQuery
from pledges.models import Pledge

_VERSION = CompiledQuery(lambda slug: Pledge.objects.published().filter(slug=slug).versions())


def page_version(slug: str) -> tuple[datetime | None, tuple[Any, ...]]:
    """Return when the site next changes (aware), or None, and the values that identify this version of the page.

    Raises Http404 if no published pledge has this slug.
    """
    row = _VERSION.first(slug)
    if row is None:
        raise Http404
    next_change, *version = row
    return next_change, tuple(version)
