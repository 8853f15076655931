"""A limit on how many rows a public form may add in 24 hours, for each network and overall."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

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
