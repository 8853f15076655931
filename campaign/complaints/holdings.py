"""The data that we hold about people who have complained about an entry."""

from collections.abc import Iterator

from campaign.complaints.models import complaint_models
from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds
from campaign.subject_access.encrypted_addresses import keys_with_address


@holds
def complaint_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each complaint from this address, and for the message with its answer if the site sent one."""
    for model in complaint_models():
        own = list(keys_with_address(model, "email", address))
        yield from entries(model.objects.filter(pk__in=own), leave_out=["id"])
        if model.answer_kind:
            yield from entries(Message.objects.filter(object_id__in=own), leave_out=["id", "object_id"])
