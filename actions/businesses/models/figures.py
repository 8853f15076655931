"""The tracker's figures at the end of each day, which the worker works out from the ledger."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyFigures(models.Model):
    """How many brands had each status at the end of a day in the site's time zone.

    Examples are counted only if there are no other brands; `are_examples` says so. Everything here follows from the
    ledger, so any row can be deleted, and the worker will create it again.
    """

    day = models.DateField(_("day"), primary_key=True)
    made_at = models.DateTimeField(_("worked out"), db_index=True)
    counts = models.JSONField(_("brands with each status"))
    are_examples = models.BooleanField(_("examples only"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")
        ordering = ["day"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.day.isoformat()


def days_from(first: date, last: date) -> list[date]:
    """Return every day from `first` to `last`, or an empty list if `last` is earlier."""
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
