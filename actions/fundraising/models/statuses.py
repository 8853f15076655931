"""Plain words for Stripe's statuses. One that is missing here is shown as Stripe writes it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentStatus(models.TextChoices):
    """Our statuses of a payment, after those in https://docs.stripe.com/payments/paymentintents/lifecycle"""

    PENDING = "pending", _("pending")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")


# https://docs.stripe.com/api/refunds/object
REFUND = [
    ("pending", _("on its way to the donor")),
    ("requires_action", _("waiting for the donor’s bank details")),
    ("succeeded", _("refunded")),
    ("failed", _("failed: we still have the money")),
    ("canceled", _("cancelled: we still have the money")),
]
# https://docs.stripe.com/api/disputes/object
DISPUTE = [
    ("warning_needs_response", _("the bank has a question: answer it")),
    ("warning_under_review", _("the bank is reviewing our answer; no money was taken yet")),
    ("warning_closed", _("the bank’s question is settled; no money was taken")),
    ("needs_response", _("the bank has taken the money: answer, or it is lost")),
    ("under_review", _("the bank has taken the money and is reviewing our answer")),
    ("won", _("won: we got the money back")),
    ("lost", _("lost: the money is gone")),
    ("prevented", _("settled before it became a dispute")),
]
NEEDS_ANSWER = {"warning_needs_response", "needs_response"}
# https://docs.stripe.com/api/subscriptions/object
SUBSCRIPTION = [
    ("active", _("active")),
    ("trialing", _("not started")),
    ("past_due", _("payment overdue")),
    ("unpaid", _("stopped: unpaid")),
    ("paused", _("paused")),
    ("incomplete", _("first payment missing")),
    ("incomplete_expired", _("never paid")),
    ("canceled", _("cancelled")),
]
