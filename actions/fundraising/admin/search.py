"""Search for donations, payments and Gift Aid declarations by a Stripe ID, an e-mail address or a day."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import Donation, Payment
from campaign.email_addresses.canonical import address_hash
from campaign.email_addresses.parsing import usable_address
from campaign.modeladmin import beginning_of

HELP = _(
    "A Stripe ID that begins with pi_, ch_, re_, dp_, cs_ or sub_; a donation’s ID; a whole e-mail address; "
    "or a day such as 2026-11-20."
)
HELP_WITHOUT_ADDRESSES = _(
    "A Stripe ID that begins with pi_, ch_, re_, dp_, cs_ or sub_; a donation’s ID; or a day such as 2026-11-20. "
    "You need a further right to search for an e-mail address."
)
FIND_DONOR = "fundraising.find_donor"
# Prefixes of Stripe's IDs. Bacs payments have other prefixes for charges and refunds; older disputes are du_.
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


def donations_matching(term: str) -> Q:
    """Return the condition for donations that match a search term; it matches none if the term makes no sense."""
    field = OF_DONATIONS.get(_prefix(term))
    if field:
        return Q(**{field: term})
    if _prefix(term) in OF_PAYMENTS:
        return Q(pk__in=Payment.objects.filter(payments_matching(term)).values("donation"))
    return _by_key(term) or _by_address(term) or on_day(term) or NOTHING


def payments_matching(term: str) -> Q:
    """Return the condition for payments that match a search term; it matches none if the term makes no sense."""
    field = OF_PAYMENTS.get(_prefix(term))
    if field:
        return Q(**{field: term})
    day = on_day(term)
    if day:
        return day
    of_donation = Q(donation__in=Donation.objects.filter(donations_matching(term)).values("pk"))
    return of_donation | (_by_key(term) or NOTHING)


def declarations_matching(term: str) -> Q:
    """Return the condition for declarations whose own ID, or whose donation, matches a search term."""
    of_donation = Q(donation__in=Donation.objects.filter(donations_matching(term)).values("pk"))
    return of_donation | (_by_key(term) or NOTHING)


def reversals_matching(term: str) -> Q:
    """Return the condition for refunds or disputes whose own ID, or whose payment, matches a search term."""
    day = on_day(term)
    return day or Q(pk=term) | Q(payment__in=Payment.objects.filter(payments_matching(term)).values("pk"))


def on_day(term: str) -> Q | None:
    """Return the condition for rows created on the day that the term names, or None if it isn't a day."""
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
    return Q(donor_hash=address_hash(usable_address(term) or term)) if "@" in term else None
