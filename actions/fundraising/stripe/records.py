"""Plain records of Stripe's objects: `client` reads them, and `sync` writes them into our tables."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class SessionRecord:
    """A Checkout Session: its payment page, its status, and the payment, subscription or invoice that it led to."""

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
    """A monthly donation."""

    id: str
    donation: str
    status: str


@dataclass(frozen=True)
class InvoiceRecord:
    """The charge for one month of a monthly donation, and its payments."""

    id: str
    donation: str
    subscription_id: str
    intent_ids: tuple[str, ...]


@dataclass(frozen=True)
class BalanceRecord:
    """A charge in Stripe's balance; `fee` is in pence, or hundredths of another currency."""

    charge_id: str
    fee: int
    currency: str


@dataclass(frozen=True)
class PayoutRecord:
    """A transfer from Stripe's balance to the bank account; `has_failed` if the money didn't arrive."""

    id: str
    arrives_on: date
    has_failed: bool


@dataclass(frozen=True)
class ReversalRecord:
    """A refund or a dispute; `amount` in pence."""

    id: str
    status: str
    amount: int
    created: datetime


@dataclass(frozen=True)
class PaymentRecord:
    """One payment with its refunds and disputes; `amount` in pence, `paid_at` aware, None unless it was paid."""

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
