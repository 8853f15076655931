"""A limit on how many rows a public form may add in 24 hours, for each network and overall."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from campaign.network.client_address import network_hash

DAY = timedelta(days=1)


class LimitedByDay:
    """A mixin for querysets whose rows have a `network` (a `network_hash`) and the time at which they were added."""

    time_field: ClassVar[str] = "asked_at"
    max_from_network: ClassVar[int] = 3
    max_in_all: ClassVar[int] = 200

    def limit_reached(self: Any, network: bytes | None, now: datetime, **among: Any) -> bool:
        """Return whether the limit for the 24 hours before `now` (aware) is used up, for this network or overall.

        The overall limit counts only rows with the values in `among`, such as complaints about the same brand, so that
        nobody can use it up for everybody.
        """
        today = self.filter(**{f"{self.time_field}__gt": now - DAY}).order_by()
        if network and today.filter(network=network)[: self.max_from_network].count() == self.max_from_network:
            return True
        return today.filter(**among)[: self.max_in_all].count() == self.max_in_all


def store_within_limit(
    request: HttpRequest,
    form: forms.BaseForm,
    limit_reached: Callable[[bytes | None, datetime], bool],
    too_many: str | Promise,
    store: Callable[[bytes | None, datetime], object],
) -> bool:
    """Store a form's answers and return True or, if the limit is reached, add the error `too_many` and return False.

    Both functions get the visitor's network (a `network_hash`) and the time.
    """
    now = timezone.now()
    network = network_hash(request, now)
    if limit_reached(network, now):
        form.add_error(None, too_many)  # type: ignore[arg-type]
        return False
    store(network, now)
    return True
