"""The data that we hold about a company's contact."""

from collections.abc import Iterator

from actions.businesses.models import Brand, Notice
from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds
from campaign.subject_access.encrypted_addresses import keys_with_address


@holds
def contact_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each brand with this contact address, and for the notices and messages sent to it."""
    brands = Brand.objects.filter(pk__in=list(keys_with_address(Brand, "contact", address)))
    yield from entries(brands)
    written = Notice.objects.filter(pk__in=list(keys_with_address(Notice, "recipient", address)))
    yield from entries(written, leave_out=["id", "token_hash"])
    about = list((Notice.objects.filter(brand__in=brands) | written).values_list("pk", flat=True))
    yield from entries(Message.objects.filter(object_id__in=about), leave_out=["id", "object_id"])
