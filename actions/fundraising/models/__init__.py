"""The models of fundraising."""

from actions.fundraising.models.appeals import Appeal, Demand, VisitCount
from actions.fundraising.models.claims import Claim, ClaimLine, ClaimLineQuerySet, OverClaim
from actions.fundraising.models.declarations import Declaration, DeclarationQuerySet
from actions.fundraising.models.donations import Donation, DonationQuerySet
from actions.fundraising.models.funds import DonationSettings, Fund
from actions.fundraising.models.notices import Notice, NoticeQuerySet
from actions.fundraising.models.payments import Payment, PaymentQuerySet
from actions.fundraising.models.refunds import Dispute, DisputeQuerySet, Refund, RefundQuerySet
from actions.fundraising.models.statements import StatementLink
from actions.fundraising.models.stripe_events import Discrepancy, StripeEvent

__all__ = [
    "Appeal",
    "Claim",
    "ClaimLine",
    "ClaimLineQuerySet",
    "Declaration",
    "DeclarationQuerySet",
    "Demand",
    "Discrepancy",
    "Dispute",
    "DisputeQuerySet",
    "Donation",
    "DonationQuerySet",
    "StatementLink",
    "StripeEvent",
    "Fund",
    "DonationSettings",
    "Notice",
    "NoticeQuerySet",
    "OverClaim",
    "Payment",
    "PaymentQuerySet",
    "Refund",
    "RefundQuerySet",
    "VisitCount",
]
