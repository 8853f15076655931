"""Acting on bounces, spam reports, and unsubscriptions at a provider. Acting twice changes nothing more."""

from django.db import transaction

from campaign.bounces.outcomes import Kind, Outcome
from campaign.mail.models import SuppressedAddress
from campaign.mailings.models import Delivery
from campaign.mailings.sources import SOURCES
from campaign.mailings.unsubscribing import stop_news
from campaign.privacy.holdings import holds_anything

MAX_DIGITS = 18  # of a key in the database


def is_known(address: str) -> bool:
    """Return whether a recent mailing went to a normalised address, or any app holds something about it."""
    return Delivery.objects.of_address(address).exists() or holds_anything(address)


def recipient(key: str) -> str:
    """Return the normalised address that got the delivery with this Message-ID key, or "" if it is unknown."""
    kind, _dot, number = key.partition(".")
    if kind != "news" or not number.isdecimal() or len(number) > MAX_DIGITS:
        return ""
    delivery = Delivery.objects.filter(pk=number).first()
    source = SOURCES.get(delivery.source) if delivery else None
    return (source.address(delivery.row) if source and delivery else None) or ""


@transaction.atomic
def act_on(outcome: Outcome) -> None:
    """Suppress the address, stop its news and mark its delivery, depending on the outcome."""
    address = outcome.address
    if outcome.kind is Kind.HARD_BOUNCE:
        SuppressedAddress.objects.bounced(address)
    elif outcome.kind is Kind.SPAM_REPORT:
        SuppressedAddress.objects.reported_as_spam(address)
    if outcome.kind in (Kind.SPAM_REPORT, Kind.UNSUBSCRIBED):
        stop_news(address)
    mark_delivery(outcome)


def mark_delivery(outcome: Outcome) -> None:
    """Mark the newest delivery to the address. Its mailing halts if too many have bounced or been marked as spam."""
    if outcome.kind is Kind.SPAM_REPORT:
        Delivery.objects.reported_as_spam(outcome.address)
    elif outcome.kind is not Kind.UNSUBSCRIBED:
        Delivery.objects.bounced(outcome.address, hard=outcome.kind is Kind.HARD_BOUNCE)
