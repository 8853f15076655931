"""A daily limit on attempts to enter an address, which doesn't reveal whether we know the address."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.network.daily_limit import LimitedByDay
from campaign.privacy import crypto

HASH_BYTES = 16


class AttemptsQuerySet(LimitedByDay):
    """A queryset mixin that limits how often visitors may enter an address, whether it is new or known."""

    time_field = "tried_at"

    def limit_reached(self, network: bytes | None, now: datetime, *, scope: str = "", **among: Any) -> bool:
        """Return whether the limit for the 24 hours before `now` (aware) is used up.

        Networks are compared only within `scope`, the `hash_scope` of the rows.
        """
        return super().limit_reached(self._own_hash(network, scope), now, **among)

    def note_attempt(self: Any, network: bytes | None, now: datetime, scope: str = "") -> None:
        """Record an attempt from a network (a `network_hash`) at `now` (aware), whether or not the rows are new.

        If only new rows used up the limit, the limit would reveal which addresses we know.
        """
        self.update(network=self._own_hash(network, scope), tried_at=now)

    def _own_hash(self: Any, network: bytes | None, scope: str) -> bytes | None:
        """Return a network's hash for this model and scope, in 16 bytes, or None if the network isn't known.

        It differs from the network's hashes elsewhere, so it can't show who has both signed and said that they are
        coming to a protest.
        """
        purpose = f"{self.model._meta.label_lower}.network"
        return crypto.keyed_hash(network.hex() + scope, purpose)[:HASH_BYTES] if network else None


class Attempted(models.Model):
    """A model mixin that records when, and from which network, somebody last entered the row's address."""

    network = models.BinaryField(_("network of the last attempt"), max_length=16, null=True, editable=False)
    tried_at = models.DateTimeField(_("last attempt"), null=True, editable=False)

    class Meta:
        abstract = True
