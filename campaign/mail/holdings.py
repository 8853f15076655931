"""What the outbox holds about a person: whether the address is suppressed, and its count of messages today."""

from collections.abc import Iterator

from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import RateLimit, SuppressedAddress
from campaign.privacy.holdings import Entry, entries, holds


@holds
def address_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each row about the address, or about its mailbox without a tag."""
    yield from entries(SuppressedAddress.objects.of_address(address), leave_out=["id"])
    yield from entries(RateLimit.objects.filter(address_hash=mailbox_hash(address)), leave_out=["id"])
