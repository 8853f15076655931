"""What the outbox holds about a person: that the address is suppressed, and how many messages it has had today."""

from collections.abc import Iterator

from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import RateLimit, SuppressedAddress
from campaign.privacy.holdings import Entry, entries, holds


@holds
def address_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each row that is kept for the address, or for its mailbox without a tag."""
    yield from entries(SuppressedAddress.objects.of_address(address), leave_out=["id"])
    yield from entries(RateLimit.objects.filter(address_hash=mailbox_hash(address)), leave_out=["id"])
