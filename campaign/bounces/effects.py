"""What follows from a bounce, a spam report, or an unsubscription at a provider. Doing it twice changes nothing."""

from django.db import transaction

from campaign.bounces.outcomes import Outcome, What
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
    """Return the normalised address that the news with this key of its Message-ID went to, or "" if we don't know."""
    kind, _dot, number = key.partition(".")
    if kind != "news" or not number.isdecimal() or len(number) > MAX_DIGITS:
        return ""
    delivery = Delivery.objects.filter(pk=number).first()
    source = SOURCES.get(delivery.source) if delivery else None
    return (source.address(delivery.row) if source and delivery else None) or ""


@transaction.atomic
def act_on(outcome: Outcome) -> None:
    """Suppress the address, end its news and mark its delivery, as the outcome requires."""
    address = outcome.address
    if outcome.what is What.HARD_BOUNCE:
        SuppressedAddress.objects.bounced(address)
    elif outcome.what is What.SPAM_REPORT:
        SuppressedAddress.objects.reported_as_spam(address)
    if outcome.what in (What.SPAM_REPORT, What.UNSUBSCRIBED):
        stop_news(address)
    mark_delivery(outcome)


def mark_delivery(outcome: Outcome) -> None:
    """Mark the newest mailing to the address, which halts it if too many have bounced or been marked as spam."""
    if outcome.what is What.SPAM_REPORT:
        Delivery.objects.reported_as_spam(outcome.address)
    elif outcome.what is not What.UNSUBSCRIBED:
        Delivery.objects.bounced(outcome.address, hard=outcome.what is What.HARD_BOUNCE)
