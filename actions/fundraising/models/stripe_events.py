"""Records of our dealings with Stripe: events that were handled, and discrepancies that were found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.donations import Donation


class StripeEvent(models.Model):
    """A Stripe event that was handled, so that a second copy of it does nothing."""

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(_("type"), max_length=100)
    received_at = models.DateTimeField(_("received"), db_index=True)
    lag = models.PositiveIntegerField(_("seconds that it took to reach us"), null=True)

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Discrepancy(models.Model):
    """A difference from Stripe that `reconcile_donations` found, and corrected if it could."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("we had missed a change")
        UNKNOWN = "unknown", _("paid at Stripe, but we don’t know the donation")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    donation = models.ForeignKey(
        Donation, models.CASCADE, null=True, related_name="discrepancies", verbose_name=_("donation")
    )
    stripe_id = models.CharField(_("Stripe ID"), max_length=255)
    was = models.TextField(_("before"), blank=True)
    now = models.TextField(_("after"), blank=True)
    found_at = models.DateTimeField(_("found"), db_index=True)

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["-found_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.stripe_id}"
