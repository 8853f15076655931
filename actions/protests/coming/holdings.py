"""The data that we hold about people who have said that they are coming to a protest."""

from collections.abc import Iterator

from actions.protests.models import Attendee
from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds


@holds
def attendee_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each date that this address was entered for, and for each message about it."""
    keys = list(Attendee.objects.from_address(address).values_list("pk", flat=True))
    yield from entries(Attendee.objects.filter(pk__in=keys), leave_out=["id", "announced"])
    yield from entries(Message.objects.filter(object_id__in=keys), leave_out=["id", "object_id"])
