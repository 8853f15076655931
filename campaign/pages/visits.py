"""Counting visits without remembering the visitors."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.http import HttpRequest


def add_one(model: type[models.Model], **key: Any) -> None:
    """Add one to the `count` of the row with this key, creating it if necessary. Safe when many do so at once."""
    rows = model._default_manager.filter(**key)
    if rows.update(count=models.F("count") + 1):
        return
    try:
        with transaction.atomic():
            model._default_manager.create(count=1, **key)
    except IntegrityError:
        rows.update(count=models.F("count") + 1)


def is_a_visit(request: HttpRequest) -> bool:
    """Return whether somebody asked for the page, rather than their browser prefetching it just in case.

    Sec-Purpose (W3C Fetch Metadata) marks prefetching; older browsers send Purpose.
    """
    purposes = request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", "")
    return request.method != "HEAD" and not any("prefetch" in purpose for purpose in purposes)
