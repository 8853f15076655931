"""Finding gifts and payments by what organisers have in hand: an id of Stripe's, an address, a day."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import Donation, Payment
from campaign.email_addresses.canonical import address_hash
from campaign.email_addresses.parsing import usable_address
from campaign.modeladmin import beginning_of

HELP = _(
    "An id of Stripe’s that begins with pi_, ch_, re_, dp_, cs_ or sub_; the number of a donation; a whole e-mail "
    "address; or a day such as 2026-11-20."
)
# How Stripe's ids begin; Bacs payments have charges and refunds with names of their own. Older disputes are du_.
OF_DONATIONS = {"cs": "session_id", "sub": "subscription_id"}
OF_PAYMENTS = {
    "pi": "intent_id",
    "ch": "charge_id",
    "py": "charge_id",
    "re": "refunds",
    "pyr": "refunds",
    "dp": "disputes",
    "du": "disputes",
}
NOTHING = Q(pk__in=[])


def donations_meant(term: str) -> Q:
    """The donations that an organiser looks for by these words; none for words that could mean nothing."""
    field = OF_DONATIONS.get(_prefix(term))
    if field:
        return Q(**{field: term})
    if _prefix(term) in OF_PAYMENTS:
        return Q(pk__in=Payment.objects.filter(payments_meant(term)).values("donation"))
    return _by_key(term) or _by_address(term) or on_day(term) or NOTHING


def payments_meant(term: str) -> Q:
    """The payments that an organiser looks for by these words; none for words that could mean nothing."""
    field = OF_PAYMENTS.get(_prefix(term))
    if field:
        return Q(**{field: term})
    day = on_day(term)
    if day:
        return day
    of_donation = Q(donation__in=Donation.objects.filter(donations_meant(term)).values("pk"))
    return of_donation | (_by_key(term) or NOTHING)


def parts_meant(term: str) -> Q:
    """The refunds, or disputes, that are meant: their own, or those of a payment that is meant."""
    day = on_day(term)
    return day or Q(pk=term) | Q(payment__in=Payment.objects.filter(payments_meant(term)).values("pk"))


def on_day(term: str) -> Q | None:
    """What was made on the day that is written so; None if none is."""
    day = beginning_of(term)
    return Q(created_at__gte=day, created_at__lt=day + timedelta(days=1)) if day else None


def _prefix(term: str) -> str:
    return term.partition("_")[0] if "_" in term and "@" not in term else ""


def _by_key(term: str) -> Q | None:
    try:
        return Q(pk=UUID(term))
    except ValueError:
        return None


def _by_address(term: str) -> Q | None:
    return Q(donor_hash=address_hash(usable_address(term))) if "@" in term else None
