"""Personal data in mailings: which mailings went to an address, as long as their deliveries are kept."""

from collections.abc import Iterator

from campaign.mailings.models import Delivery
from campaign.privacy.holdings import Entry, entries, holds


@holds
def delivery_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each mailing to this address."""
    yield from entries(Delivery.objects.of_address(address), leave_out=["id", "row", "worker"])
