"""Refunds and disputes, as Stripe reports them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import statuses
from actions.fundraising.models.payments import Payment
from campaign.money import pounds


class RefundQuerySet(models.QuerySet["Refund"]):
    """Queries for refunds."""

    def deducted(self) -> Self:
        """Return refunds that have been made or are on their way."""
        return self.filter(status__in=statuses.DEDUCTED_REFUNDS)


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Queries for disputes."""

    def deducted(self) -> Self:
        """Return open and lost disputes, in which the bank has the money."""
        return self.filter(status__in=statuses.DEDUCTED_DISPUTES)

    def unanswered(self) -> Self:
        """Return disputes and inquiries that are waiting for our answer."""
        return self.filter(status__in=statuses.NEEDS_ANSWER)

    def open(self) -> Self:
        """Return disputes that are not decided yet."""
        return self.exclude(status__in=["won", "lost", "warning_closed", "prevented"])


class Reversal(models.Model):
    """A refund or a dispute of a payment, in full or in part; the key is Stripe's."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="%(class)ss", verbose_name=_("payment"))
    amount_pence = models.PositiveIntegerField(_("amount in pence"))
    created_at = models.DateTimeField(_("made"), db_index=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{pounds(self.amount_pence)} {self.pk}"


class Refund(Reversal):
    """Money sent back to a donor."""

    id = models.CharField(_("refund"), primary_key=True, max_length=255)
    status = models.CharField(_("status"), max_length=30, choices=statuses.REFUND)

    objects = RefundQuerySet.as_manager()

    class Meta(Reversal.Meta):
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")


class Dispute(Reversal):
    """A donor's bank asking for the money back."""

    id = models.CharField(_("dispute"), primary_key=True, max_length=255)
    status = models.CharField(_("status"), max_length=30, choices=statuses.DISPUTE)

    objects = DisputeQuerySet.as_manager()

    class Meta(Reversal.Meta):
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
