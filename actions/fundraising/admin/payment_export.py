"""Completed payments, line by line, for bookkeeping; without names or addresses."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.fundraising.models import Dispute, DisputeQuerySet, Payment, PaymentQuerySet, Refund, RefundQuerySet
from actions.fundraising.models.claims import declaration_key
from actions.fundraising.models.payments import gift_and_fee
from actions.fundraising.models.statuses import method_name
from campaign.db import in_chunks
from campaign.money import decimal_pounds

IDS = ("intent_id", "charge_id", "invoice_id", "donation__session_id", "donation__subscription_id")
COLUMNS = (
    *(
        "paid_at",
        "is_live",
        "fund__title",
        "donation__is_monthly",
        "currency",
        "method",
        "amount_pence",
        "net_pence",
        "refunded",
    ),
    *("disputed", "donation__amount_pence", "donation__fee_pence", "stripe_fee_pence", "payout_id", "paid_out_on"),
    *("declared_by", "claimed_pence", "claim_number"),
)
Line = dict[str, Any]


def rows(payments: PaymentQuerySet, is_live: bool) -> Iterator[Sequence[str]]:
    """Return a heading and a row for each completed payment, oldest first, read from the database in chunks.

    Amounts are in pounds with two decimals, as spreadsheets expect; dates are in the site's time zone. Cells are empty
    until Stripe has told us what belongs there.
    """
    paid = payments.filter(status=Payment.Status.PAID, is_live=is_live).with_declaration(declaration_key())
    paid = paid.annotate(
        refunded=_total(Refund.objects.deducted()),
        disputed=_total(Dispute.objects.deducted()),
        claimed_pence=F("claim_line__claimed_pence"),
        claim_number=F("claim_line__claim"),
    )
    lines = paid.order_by("paid_at", "pk").values(*COLUMNS, *IDS)
    words = (
        {True: "", False: _("test")},
        {True: _("monthly"), False: _("once")},
        {"claimed": _("claimed"), "declared": _("declared"), "": ""},
    )
    return chain([_heading()], (_row(line, *words) for line in in_chunks(lines)))


def _heading() -> list[str]:
    money = [_("amount"), _("gift"), _("card fee added by the donor"), _("refunded"), _("disputed"), _("net")]
    stripe = [_("Stripe’s fee"), _("amount after Stripe’s fee"), _("payout"), _("payout date")]
    gift_aid = [_("Gift Aid"), _("claimed amount"), _("Gift Aid claim")]
    ids = [_("payment"), _("charge"), _("invoice"), _("session"), _("subscription")]
    how = [_("currency"), _("payment method")]
    return [_("date paid"), _("test money"), _("fund"), _("monthly or once"), *money, *how, *stripe, *gift_aid, *ids]


def _row(line: Line, mark: dict[bool, str], often: dict[bool, str], gift_aid: dict[str, str]) -> list[str]:
    paid_at, amount = line["paid_at"], line["amount_pence"]
    gift, added = gift_and_fee(amount, line["donation__amount_pence"], line["donation__fee_pence"])
    pence = (amount, gift, added, line["refunded"] or 0, line["disputed"] or 0, line["net_pence"])
    return [
        _day(timezone.localdate(paid_at) if paid_at else None),
        mark[line["is_live"]],
        line["fund__title"],
        often[line["donation__is_monthly"]],
        *map(decimal_pounds, pence),
        line["currency"].upper(),
        method_name(line["method"]),
        *_stripe(line),
        *_gift_aid(line, gift_aid),
        *(line[name] for name in IDS),
    ]


def _stripe(line: Line) -> list[str]:
    """Return Stripe's fee, the amount after the fee (ignoring refunds), the payout's ID and its date."""
    fee = line["stripe_fee_pence"]
    amounts = ["", ""] if fee is None else [decimal_pounds(fee), decimal_pounds(max(0, line["amount_pence"] - fee))]
    return [*amounts, line["payout_id"], _day(line["paid_out_on"])]


def _gift_aid(line: Line, words: dict[str, str]) -> list[str]:
    """Return the Gift Aid status (claimed, declared or empty), the claimed amount and the claim's number."""
    if line["claim_number"]:
        return [words["claimed"], decimal_pounds(line["claimed_pence"]), str(line["claim_number"])]
    return [words["declared" if line["declared_by"] else ""], "", ""]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _total(reversals: RefundQuerySet | DisputeQuerySet) -> Subquery:
    of_payment = reversals.filter(payment=OuterRef("pk")).order_by().values("payment")
    return Subquery(of_payment.values(total=Sum("amount_pence")))
