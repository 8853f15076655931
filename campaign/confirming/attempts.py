"""A daily limit on attempts to enter an address, which doesn't reveal whether we know the address."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.network.daily_limit import LimitedByDay
from campaign.privacy import crypto

HASH_BYTES = 16


class AttemptsQuerySet(LimitedByDay):
    """A part of a queryset for rows that are attempts, or repeat one."""

    time_field = "tried_at"

    def is_full(self, network: bytes | None, now: datetime, *, within: str = "", **among: Any) -> bool:
        """Return whether the limit for the 24 hours before `now` (aware) is used up, `within` one group of rows."""
        return super().is_full(self._own_hash(network, within), now, **among)

    def note_attempt(self: Any, network: bytes | None, now: datetime, within: str = "") -> None:
        """Record an attempt from a network (a `network_hash`) at `now` (aware), whether or not the rows are new.

        Otherwise somebody could tell from the limit, which only new rows would use up, which addresses are known.
        """
        self.update(network=self._own_hash(network, within), tried_at=now)

    def _own_hash(self: Any, network: bytes | None, within: str) -> bytes | None:
        """Return a hash that only this model makes, and only within the group of rows that `within` names.

        So a network doesn't show who has both signed and said that they are coming.
        """
        purpose = f"{self.model._meta.label_lower}.network"
        return crypto.keyed_hash(network.hex() + within, purpose)[:HASH_BYTES] if network else None


class Attempted(models.Model):
    """A part of a model: when, and from which network, somebody last entered the row's address."""

    network = models.BinaryField(_("network of the last attempt"), max_length=16, null=True, editable=False)
    tried_at = models.DateTimeField(_("last attempt"), null=True, editable=False)

    class Meta:
        abstract = True
