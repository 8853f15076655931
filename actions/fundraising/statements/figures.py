"""The lines and totals of a statement, in pence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from actions.fundraising.models import Fund, Payment
from actions.fundraising.models.payments import gift_and_fee


@dataclass(frozen=True)
class Line:
    """One payment: `gift` and `fee` make up what was paid, `kept` is what is left of it after refunds and disputes."""

    paid_at: datetime
    fund: Fund
    gift: int
    fee: int
    kept: int
    is_gift_aided: bool

    @property
    def returned(self) -> int:
        """Amount that went back to the donor."""
        return self.gift + self.fee - self.kept


@dataclass(frozen=True)
class Statement:
    """All lines of a tax year."""

    lines: tuple[Line, ...]

    @property
    def kept(self) -> int:
        """Total of the donations, without what went back."""
        return sum(line.kept for line in self.lines)

    @property
    def gift_aided(self) -> int:
        """Total of the donations with Gift Aid, which is what a tax return asks for."""
        return sum(line.kept for line in self.lines if line.is_gift_aided)


def statement_of(payments: Iterable[Payment]) -> Statement:
    """Return the statement of payments that come with their donation, their fund and `declared_by`."""
    return Statement(tuple(_line(payment) for payment in payments))


def _line(payment: Payment) -> Line:
    donation = payment.donation
    gift, fee = gift_and_fee(payment.amount_pence, donation.amount_pence, donation.fee_pence)
    paid_at = payment.paid_at or payment.created_at
    return Line(paid_at, payment.fund, gift, fee, payment.net_pence, payment.declared_by is not None)
