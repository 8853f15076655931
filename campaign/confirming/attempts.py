"""A daily limit on attempts to enter an address, which doesn't reveal whether we know the address."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.network.daily_limit import LimitedByDay


class AttemptsQuerySet(LimitedByDay):
    """A part of a queryset for rows that are attempts, or repeat one."""

    time_field = "tried_at"

    def note_attempt(self: Any, network: bytes | None, now: datetime) -> None:
        """Record an attempt from a network (a `network_hash`) at `now` (aware), whether or not the rows are new.

        Otherwise somebody could tell from the limit, which only new rows would use up, which addresses are known.
        """
        self.update(network=network, tried_at=now)


class Attempted(models.Model):
    """A part of a model: when, and from which network, somebody last entered the row's address."""

    network = models.BinaryField(_("network of the last attempt"), max_length=16, null=True, editable=False)
    tried_at = models.DateTimeField(_("last attempt"), null=True, editable=False)

    class Meta:
        abstract = True
