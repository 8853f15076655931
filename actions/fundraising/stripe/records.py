"""What Stripe says, as plain record: read by `payments`, taken into our tables by `bookkeeping`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SessionRecord:
    """A Checkout Session: where its page is, its state, and what it led to."""

    id: str
    donation: str
    status: str
    url: str
    intent_id: str
    subscription_id: str
    invoice_id: str
    customer_id: str
    name: str
    email: str


@dataclass(frozen=True)
class SubscriptionRecord:
    """A monthly gift."""

    id: str
    donation: str
    status: str


@dataclass(frozen=True)
class InvoiceRecord:
    """What is asked for one month, and the payments made for it."""

    id: str
    donation: str
    subscription_id: str
    intent_ids: tuple[str, ...]


@dataclass(frozen=True)
class ReversalRecord:
    """A refund or a dispute: its amount in pence."""

    id: str
    status: str
    amount: int
    created: datetime


@dataclass(frozen=True)
class PaymentRecord:
    """One payment with all that was taken from it; `amount` in pence, `paid_at` aware, None unless it was paid."""

    intent_id: str
    charge_id: str
    donation: str
    status: str
    amount: int
    currency: str
    method: str
    is_live: bool
    created: datetime
    paid_at: datetime | None
    refunds: tuple[ReversalRecord, ...]
    disputes: tuple[ReversalRecord, ...]
