"""Payments: the money that came in."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import statuses
from actions.fundraising.models.donations import Donation
from actions.fundraising.models.funds import Fund
from actions.fundraising.models.statuses import PaymentStatus
from campaign.money import pounds


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Queries for payments."""

    def counted(self) -> Self:
        """Return completed payments of real money; `net_pence` is what counts."""
        return self.completed(is_live=True)

    def completed(self, is_live: bool) -> Self:
        """Return completed payments in one mode: live or test."""
        return self.filter(status=PaymentStatus.PAID, is_live=is_live)

    def declared(self, key: Combinable) -> Self:
        """Return payments for which the expression finds the key of a declaration, with that key as `declared_by`."""
        return self.with_declaration(key).exclude(declared_by=None)

    def with_declaration(self, key: Combinable) -> Self:
        """Annotate each payment with `declared_by`: the declaration's key that the expression finds, or None."""
        return self.annotate(declared_by=key)

    def net_total(self) -> int:
        """Return the net total in pence."""
        return self.aggregate(total=models.Sum("net_pence"))["total"] or 0


class Payment(models.Model):
    """One charge, as Stripe reports it: a single donation has one, a monthly donation one a month."""

    Status = PaymentStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="payments", verbose_name=_("donation"))
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="payments", verbose_name=_("fund"))
    is_live = models.BooleanField(_("real money"))
    intent_id = models.CharField(_("Stripe payment ID"), max_length=255, unique=True)
    charge_id = models.CharField(_("Stripe charge ID"), max_length=255, blank=True)
    invoice_id = models.CharField(_("Stripe invoice ID"), max_length=255, blank=True)
    method = models.CharField(_("payment method"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="gbp")
    amount_pence = models.PositiveIntegerField(_("amount in pence"))
    net_pence = models.PositiveIntegerField(
        _("net amount in pence"), default=0, help_text=_("After refunds, and disputes that are open or lost.")
    )
    stripe_fee_pence = models.PositiveIntegerField(_("Stripe’s fee in pence"), null=True)
    payout_id = models.CharField(_("Stripe payout ID"), max_length=255, blank=True, default="", db_default="")
    paid_out_on = models.DateField(_("payout date"), null=True)
    status = models.CharField(_("status"), max_length=7, choices=Status)
    created_at = models.DateTimeField(_("started"))
    paid_at = models.DateTimeField(_("paid"), null=True, db_index=True)
    receipted_at = models.DateTimeField(_("receipt sent"), null=True)
    declared_by: uuid.UUID  # set by `with_declaration`, which may set None, and by `declared`
    is_monthly: bool  # set by `PaymentAdmin`

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["-created_at"], name="payments_newest"),
            models.Index(fields=["status", "created_at"], condition=~Q(status="paid"), name="payments_not_paid"),
            models.Index(fields=["charge_id"], condition=~Q(charge_id=""), name="payments_of_a_charge"),
            models.Index(
                fields=["fund", "paid_at"],
                include=["net_pence"],
                condition=Q(status="paid", is_live=True),
                name="payments_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{pounds(self.amount_pence)} {self.intent_id}"

    @property
    def method_name(self) -> str:
        """Return the payment method in plain words, such as "Direct Debit"."""
        return statuses.method_name(self.method)

    @property
    def stripe_url(self) -> str:
        """Return the URL of its page in Stripe's dashboard, where it is refunded and disputes are answered."""
        return f"https://dashboard.stripe.com/{'' if self.is_live else 'test/'}payments/{self.intent_id}"

    @property
    def returned_pence(self) -> int:
        """Return the amount that refunds and disputes have taken off a completed payment in pounds."""
        counts = self.status == self.Status.PAID and self.currency == "gbp"
        return self.amount_pence - self.net_pence if counts else 0

    def update_net(self) -> None:
        """Recalculate the net amount from the stored refunds and disputes."""
        deducted = sum(refund.amount_pence for refund in self.refunds.deducted()) + sum(
            dispute.amount_pence for dispute in self.disputes.deducted()
        )
        counts = self.status == self.Status.PAID and self.currency == "gbp"
        self.net_pence = max(0, self.amount_pence - deducted) if counts else 0
        self.save(update_fields=["net_pence"])


def gift_and_fee(amount: int, gift: int, fee: int) -> tuple[int, int]:
    """Split a charge of `amount` into the gift and the card fee that the donor added, all in pence.

    The donor chose `gift` and `fee`. If Stripe charged a different amount, all of it counts as the gift.
    """
    return (gift, fee) if gift + fee == amount else (amount, 0)
