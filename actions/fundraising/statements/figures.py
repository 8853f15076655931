"""The lines and totals of a statement, in pence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from actions.fundraising.models import Fund, Payment
from actions.fundraising.models.payments import gift_and_fee


@dataclass(frozen=True)
class Line:
    """One payment: `gift` and `fee` add up to what was paid, and `kept` is what is left after refunds and disputes."""

    paid_at: datetime
    fund: Fund
    gift: int
    fee: int
    kept: int
    is_gift_aided: bool

    @property
    def returned(self) -> int:
        """Return the amount returned to the donor."""
        return self.gift + self.fee - self.kept


@dataclass(frozen=True)
class Statement:
    """A tax year's lines, with their totals."""

    lines: tuple[Line, ...]

    @property
    def kept(self) -> int:
        """Return the total of the donations, less what was returned."""
        return sum(line.kept for line in self.lines)

    @property
    def gift_aided(self) -> int:
        """Return the total of the donations with Gift Aid, as a tax return asks for it."""
        return sum(line.kept for line in self.lines if line.is_gift_aided)


def statement_of(payments: Iterable[Payment]) -> Statement:
    """Return the statement for payments fetched with their donation, fund and `declared_by`."""
    return Statement(tuple(_line(payment) for payment in payments))


def _line(payment: Payment) -> Line:
    donation = payment.donation
    gift, fee = gift_and_fee(payment.amount_pence, donation.amount_pence, donation.fee_pence)
    paid_at = payment.paid_at or payment.created_at
    return Line(paid_at, payment.fund, gift, fee, payment.net_pence, payment.declared_by is not None)
