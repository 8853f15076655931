"""What we hold about people who endorsed the call, made a commitment for a company, or complained about an entry."""

from collections.abc import Iterator

from actions.businesses.models import CommitmentOffer, Complaint, EndorsementOffer
from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds
from campaign.subject_access.encrypted_addresses import keys_with_address

UNREADABLE = ["id", "email_hash", "token_hash", "code_hash", "manage_hash"]


@holds
def offer_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each offer from this address, and for the messages about them."""
    for model in (EndorsementOffer, CommitmentOffer):
        rows = model.objects.from_address(address)
        yield from entries(rows, leave_out=UNREADABLE)
        about = list(rows.values_list("pk", flat=True))
        yield from entries(Message.objects.filter(object_id__in=about), leave_out=["id", "object_id"])


@holds
def complaint_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each complaint from this address, and for the message with its answer."""
    own = list(keys_with_address(Complaint, "email", address))
    yield from entries(Complaint.objects.filter(pk__in=own), leave_out=["id"])
    yield from entries(Message.objects.filter(object_id__in=own), leave_out=["id", "object_id"])
