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
# https://docs.stripe.com/api/charges/object, "payment_method_details.type": those that a site in Britain may offer
METHODS = {
    "card": _("card"),
    "card_present": _("card"),
    "bacs_debit": _("Direct Debit"),
    "sepa_debit": _("SEPA Direct Debit"),
    "pay_by_bank": _("Pay by Bank"),
    "customer_balance": _("bank transfer"),
    "link": "Link",
    "paypal": "PayPal",
    "amazon_pay": "Amazon Pay",
    "revolut_pay": "Revolut Pay",
    "klarna": "Klarna",
}
DEDUCTED_REFUNDS = ["pending", "requires_action", "succeeded"]  # made, or on their way
FAILED_REFUNDS = ["failed", "canceled"]
# The bank has the money. Statuses that begin with "warning" are inquiries by a bank, which has taken nothing yet.
DEDUCTED_DISPUTES = ["needs_response", "under_review", "lost"]
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


def method_name(code: str) -> str:
    """Return a payment method in words: "Direct Debit" for "bacs_debit", "Wechat pay" for a code not in METHODS."""
    return str(METHODS.get(code) or code.replace("_", " ").capitalize())
