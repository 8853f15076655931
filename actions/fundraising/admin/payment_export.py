"""Completed payments, line by line, for bookkeeping; without names or addresses."""

from collections.abc import Iterator, Sequence
from itertools import chain

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.fundraising.models import Dispute, DisputeQuerySet, Payment, Refund, RefundQuerySet
from campaign.money import decimal_pounds

CHUNK = 1000
IDS = ("intent_id", "charge_id", "invoice_id", "donation__session_id", "donation__subscription_id")


def rows(payments: QuerySet[Payment], is_live: bool) -> Iterator[Sequence[str]]:
    """Return a heading and a row for each completed payment, oldest first, read from the database in chunks.

    Amounts are in pounds with two decimals, as spreadsheets expect; dates are in the site's time zone.
    """
    paid = payments.filter(status=Payment.Status.PAID, is_live=is_live).annotate(
        refunded=_total(Refund.objects.deducted()), disputed=_total(Dispute.objects.deducted())
    )
    columns = ("paid_at", "fund__title", "donation__is_monthly", "amount_pence", "refunded", "disputed", "net_pence")
    lines = paid.order_by("paid_at", "pk").values_list(*columns, "currency", "method", *IDS)
    monthly, once = _("monthly"), _("once")
    return chain([_heading()], (_row(line, monthly, once) for line in lines.iterator(chunk_size=CHUNK)))


def _heading() -> list[str]:
    money = [_("amount"), _("refunded"), _("disputed"), _("net"), _("currency"), _("payment method")]
    ids = [_("payment"), _("charge"), _("invoice"), _("session"), _("subscription")]
    return [_("date paid"), _("fund"), _("monthly or once"), *money, *ids]


def _row(line: tuple, monthly: str, once: str) -> list[str]:
    paid_at, fund, is_monthly, *rest = line
    day = timezone.localdate(paid_at).isoformat() if paid_at else ""
    amounts = [decimal_pounds(pence or 0) for pence in rest[:4]]
    return [day, fund, monthly if is_monthly else once, *amounts, *rest[4:]]


def _total(reversals: RefundQuerySet | DisputeQuerySet) -> Subquery:
    of_payment = reversals.filter(payment=OuterRef("pk")).order_by().values("payment")
    return Subquery(of_payment.values(total=Sum("amount_pence")))
