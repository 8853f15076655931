"""Lines of the open ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MIN_MOVE = 10  # A line that differs by one from the last would reveal the day on which somebody signed.


class LedgerLine(models.Model):
    """A pledge's published count at the end of a day, at least 10 away from the line before. No personal data."""

    pledge = models.ForeignKey("pledges.Pledge", models.PROTECT, related_name="ledger")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("signatures"))
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering = ["day"]
        constraints = [models.UniqueConstraint("pledge", "day", name="one_line_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
