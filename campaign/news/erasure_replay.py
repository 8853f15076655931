"""Unsubscriptions that are repeated after an old backup has been restored."""

from campaign.news.models import Subscriber
from campaign.privacy.erasures import Erasure, repeats


@repeats("news")
def unsubscribe_again(erasure: Erasure) -> bool:
    """Delete the subscriber again, unless they asked for news later. Return whether the backup contained them."""
    older = Subscriber.objects.filter(email_hash=erasure.address_hash, asked_at__lte=erasure.at)
    count, _by_model = older.delete()
    return bool(count)
