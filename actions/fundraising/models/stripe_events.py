"""What we note of our dealings with Stripe: messages that were dealt with, and discrepancies that were found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.donations import Donation


class StripeEvent(models.Model):
    """One message of Stripe's that was dealt with, so that a second copy of it does nothing."""

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(_("type"), max_length=100)
    received_at = models.DateTimeField(_("received"), db_index=True)

    class Meta:
        verbose_name = _("message from Stripe")
        verbose_name_plural = _("messages from Stripe")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Discrepancy(models.Model):
    """What `reconcile_donations` found to be other than at Stripe, and put right if it could."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("we had missed a change")
        UNKNOWN = "unknown", _("paid at Stripe, but we do not know the donation")

    kind = models.CharField(_("what"), max_length=7, choices=Kind)
    donation = models.ForeignKey(
        Donation, models.CASCADE, null=True, related_name="discrepancies", verbose_name=_("donation")
    )
    stripe_id = models.CharField(_("at Stripe"), max_length=255)
    was = models.TextField(_("was here"), blank=True)
    now = models.TextField(_("is now"), blank=True)
    found_at = models.DateTimeField(_("found"), db_index=True)

    class Meta:
        verbose_name = _("difference from Stripe")
        verbose_name_plural = _("discrepancies from Stripe")
        ordering = ["-found_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.stripe_id}"
