"""How long we keep the addresses of people who ask for news.

A confirmed one is kept until its owner unsubscribes, or for a month after it has been suppressed.
"""

from datetime import datetime
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.mail.models import Reason, SuppressedAddress
from campaign.mailings.model_source import BATCH
from campaign.news.models import Subscriber
from campaign.news.source import SubscribersSource
from campaign.privacy.retention import rule


@rule(_("The address of somebody who asked for news but did not confirm it"), "PLEDGE_CONFIRM_DAYS")
def delete_unconfirmed(before: datetime) -> int:
    """Delete unconfirmed addresses entered before the given time (aware). It is too late to confirm them."""
    count, _by_model = Subscriber.objects.filter(confirmed_at=None, asked_at__lt=before).delete()
    return count


@rule(
    _("The address of a subscriber, once messages to it have bounced or they have asked us not to write"),
    "KEEP_DELIVERIES_DAYS",
)
def erase_suppressed(before: datetime) -> int:
    """Erase the subscribers whose addresses were suppressed before the given time (aware).

    Until then, an organiser can delete the row that suppresses an address, if a mail server was wrong to refuse it.
    """
    rows, source = SuppressedAddress.objects.filter(since__lt=before.date()), SubscribersSource()
    # A spam report erases a subscriber at once. One who has subscribed again since gets news once the report lapses.
    suppressed = rows.exclude(reason=Reason.SPAM)
    if not suppressed.exists():
        return 0
    erased, found = 0, iter(source.recipients(source.name, None))
    while batch := dict(islice(found, BATCH)):
        gone = suppressed.among(list(batch.values()))
        keys = [key for key, address in batch.items() if address in gone]
        erased += Subscriber.objects.filter(pk__in=keys).erase(timezone.now())
    return erased


@rule(_("The code made from the network used to ask for news"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the network hashes of addresses entered before the given time (aware)."""
    return Subscriber.objects.filter(tried_at__lt=before).update(network=None, tried_at=None)
