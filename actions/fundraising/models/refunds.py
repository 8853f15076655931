"""What went back of a payment, or may: refunds and disputes, as Stripe tells of them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import statuses
from actions.fundraising.models.payments import Payment
from campaign.money import pounds


class RefundQuerySet(models.QuerySet["Refund"]):
    """Questions about refunds."""

    def deducted(self) -> Self:
        """Those whose money is gone, or on its way. Statuses: https://docs.stripe.com/api/refunds/object"""
        return self.filter(status__in=["pending", "requires_action", "succeeded"])


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Questions about disputes."""

    def deducted(self) -> Self:
        """Open or lost: the bank has the money. Statuses: https://docs.stripe.com/api/disputes/object

        Those that begin with "warning" are questions of a bank, which takes nothing yet.
        """
        return self.filter(status__in=["needs_response", "under_review", "lost"])

    def open(self) -> Self:
        """Not decided yet."""
        return self.exclude(status__in=["won", "lost", "warning_closed", "prevented"])


class Reversal(models.Model):
    """A part of a payment, or all of it; the key is Stripe's."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="%(class)ss", verbose_name=_("payment"))
    amount_pence = models.PositiveIntegerField(_("amount in pence"))
    created_at = models.DateTimeField(_("made"), db_index=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{pounds(self.amount_pence)} {self.pk}"


class Refund(Reversal):
    """Money given back."""

    id = models.CharField(_("refund"), primary_key=True, max_length=255)
    status = models.CharField(_("status"), max_length=30, choices=statuses.REFUND)

    objects = RefundQuerySet.as_manager()

    class Meta(Reversal.Meta):
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")


class Dispute(Reversal):
    """A donor's bank asks for the money back."""

    id = models.CharField(_("dispute"), primary_key=True, max_length=255)
    status = models.CharField(_("status"), max_length=30, choices=statuses.DISPUTE)

    objects = DisputeQuerySet.as_manager()

    class Meta(Reversal.Meta):
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
