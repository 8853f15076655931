"""Counting what happens without remembering to whom."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.http import HttpRequest


def add_one(model: type[models.Model], **key: Any) -> None:
    """Add one to the `count` of the row with this key, which is made if need be. Safe when many do it at once."""
    rows = model._default_manager.filter(**key)
    if rows.update(count=models.F("count") + 1):
        return
    try:
        with transaction.atomic():
            model._default_manager.create(count=1, **key)
    except IntegrityError:
        rows.update(count=models.F("count") + 1)


def is_a_visit(request: HttpRequest) -> bool:
    """Whether somebody asks for this, and no browser does so on a guess.

    Sec-Purpose (W3C Fetch Metadata) says so; older browsers say Purpose.
    """
    purposes = request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", "")
    return request.method != "HEAD" and not any("prefetch" in purpose for purpose in purposes)
