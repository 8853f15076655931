"""Acting on bounces, spam reports, and unsubscriptions through a provider. Acting on one twice does no harm."""

from django.db import transaction

from campaign.bounces.outcomes import Kind, Outcome
from campaign.mail.models import SuppressedAddress
from campaign.mailings.models import Delivery
from campaign.mailings.sources import SOURCES
from campaign.mailings.unsubscribing import stop_news
from campaign.privacy.holdings import holds_anything

MAX_DIGITS = 18  # in a key of the database


def is_known(address: str) -> bool:
    """Return whether we know a normalised address: a recent mailing went to it, or an app holds data about it."""
    return Delivery.objects.of_address(address).exists() or holds_anything(address)


def recipient(key: str) -> str:
    """Return the normalised address that got the delivery with this Message-ID key, or "" if there is none."""
    kind, _dot, number = key.partition(".")
    if kind != "news" or not number.isdecimal() or len(number) > MAX_DIGITS:
        return ""
    delivery = Delivery.objects.filter(pk=number).first()
    source = SOURCES.get(delivery.source) if delivery else None
    return (source.address(delivery.row) if source and delivery else None) or ""


@transaction.atomic
def act_on(outcome: Outcome) -> None:
    """Suppress the address or stop its news, as the outcome requires, and mark its delivery."""
    address = outcome.address
    if outcome.kind is Kind.HARD_BOUNCE:
        SuppressedAddress.objects.bounced(address)
    elif outcome.kind is Kind.SPAM_REPORT:
        SuppressedAddress.objects.reported_as_spam(address)
    if outcome.kind in (Kind.SPAM_REPORT, Kind.UNSUBSCRIBED):
        stop_news(address)
    mark_delivery(outcome)


def mark_delivery(outcome: Outcome) -> None:
    """Mark the newest delivery to the address. Its mailing halts if there are too many bounces or spam reports."""
    if outcome.kind is Kind.SPAM_REPORT:
        Delivery.objects.reported_as_spam(outcome.address)
    elif outcome.kind is not Kind.UNSUBSCRIBED:
        Delivery.objects.bounced(outcome.address, hard=outcome.kind is Kind.HARD_BOUNCE)
