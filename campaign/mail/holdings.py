"""The personal data in the outbox: whether an address is suppressed, and how many messages it has had in a day."""

from collections.abc import Iterator

from campaign.mail.models import SuppressedAddress
from campaign.mail.rate_limit import RateLimit, rate_limit_hash
from campaign.privacy.holdings import Entry, entries, holds


@holds
def address_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each row about the address, or about its mailbox without a tag."""
    yield from entries(SuppressedAddress.objects.of_address(address), leave_out=["id"])
    yield from entries(RateLimit.objects.filter(address_hash=rate_limit_hash(address)), leave_out=["id"])
