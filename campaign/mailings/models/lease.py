"""Leases of the news workers, which show one another that they are still running."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class LeaseQuerySet(models.QuerySet["Lease"]):
    """Queries for leases."""

    def renew(self, worker: int) -> None:
        """Count one more renewal of a worker's lease; make the lease if there is none."""
        if not self.filter(worker=worker).update(renewals=F("renewals") + 1):
            self.bulk_create([self.model(worker=worker)], ignore_conflicts=True)

    def of(self, worker: int) -> Self:
        """Return the lease of a worker."""
        return self.filter(worker=worker)

    def renewals_by_worker(self) -> dict[int, int]:
        """Return how often each worker has renewed its lease."""
        return dict(self.values_list("worker", "renewals"))


class Lease(models.Model):
    """A running news worker. It renews its lease every second, so a lease that stays the same belongs to none.

    Times are left out on purpose: the clocks of two machines may differ, and may be put forward or back.
    """

    worker = models.PositiveIntegerField(_("number of the worker"), primary_key=True)
    renewals = models.BigIntegerField(_("renewals"), default=0)

    objects: ClassVar = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease of a news worker")
        verbose_name_plural = _("leases of news workers")
        default_permissions = ()  # nobody sees them in the admin

    def __str__(self) -> str:
        return f"{self.worker}"
