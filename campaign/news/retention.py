"""How long we keep the addresses of people who ask for news. Confirmed ones are kept until people unsubscribe."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.news.models import Subscriber
from campaign.privacy.retention import rule


@rule(_("The address of somebody who asked for news but did not confirm it"), "PLEDGE_CONFIRM_DAYS")
def delete_unconfirmed(before: datetime) -> int:
    """Delete unconfirmed addresses entered before the given time (aware). It is too late to confirm them."""
    count, _by_model = Subscriber.objects.filter(confirmed_at=None, asked_at__lt=before).delete()
    return count


@rule(_("The code made from the network used to ask for news"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the network hashes of addresses entered before the given time (aware)."""
    return Subscriber.objects.filter(tried_at__lt=before).update(network=None, tried_at=None)
