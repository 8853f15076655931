"""The data that we hold about people who have asked for news without signing."""

from collections.abc import Iterator

from campaign.mail.models import Message
from campaign.news.models import Subscriber
from campaign.privacy.holdings import Entry, entries, holds
from campaign.subject_access.holdings import erasure_entries


@holds
def subscriber_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for this address's request for news, each message about it, and each unsubscription."""
    rows = Subscriber.objects.from_address(address)
    keys = list(rows.values_list("pk", flat=True))
    yield from entries(rows, leave_out=["id"])
    yield from entries(Message.objects.filter(object_id__in=keys), leave_out=["id", "object_id"])
    yield from erasure_entries({Subscriber.email_hash_of(address)})
