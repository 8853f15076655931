"""What Stripe's statuses mean, in plain words. One that is not here is shown as Stripe writes it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentStatus(models.TextChoices):
    """Our own statuses of a payment, from those in https://docs.stripe.com/payments/paymentintents/lifecycle"""

    PENDING = "pending", _("pending")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")


# https://docs.stripe.com/api/refunds/object
REFUND = [
    ("pending", _("on its way to the donor")),
    ("requires_action", _("waits for the donor’s bank details")),
    ("succeeded", _("given back")),
    ("failed", _("failed: the money is still ours")),
    ("canceled", _("cancelled: the money is still ours")),
]
# https://docs.stripe.com/api/disputes/object
DISPUTE = [
    ("warning_needs_response", _("the bank asks: answer it")),
    ("warning_under_review", _("the bank reads our answer; no money is taken yet")),
    ("warning_closed", _("the bank asked, and no money was taken")),
    ("needs_response", _("the bank took the money: answer it, or it is lost")),
    ("under_review", _("the bank took the money and reads our answer")),
    ("won", _("won: the money came back")),
    ("lost", _("lost: the money is gone")),
    ("prevented", _("settled before it began")),
]
NEEDS_ANSWER = {"warning_needs_response", "needs_response"}
# https://docs.stripe.com/api/subscriptions/object
SUBSCRIPTION = [
    ("active", _("goes on")),
    ("trialing", _("has not begun")),
    ("past_due", _("payment is late")),
    ("unpaid", _("stopped: not paid")),
    ("paused", _("paused")),
    ("incomplete", _("first payment is missing")),
    ("incomplete_expired", _("never paid")),
    ("canceled", _("ended")),
]
