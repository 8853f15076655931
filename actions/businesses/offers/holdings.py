"""The data that we hold about people who have endorsed the call or made a commitment for a company."""

from collections.abc import Iterator

from actions.businesses.models import CommitmentOffer, EndorsementOffer
from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds

UNREADABLE = ["id", "email_hash", "token_hash", "code_hash", "manage_hash"]


@holds
def offer_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each offer from this address, and for the messages about them."""
    for model in (EndorsementOffer, CommitmentOffer):
        rows = model.objects.from_address(address)
        yield from entries(rows, leave_out=UNREADABLE)
        about = list(rows.values_list("pk", flat=True))
        yield from entries(Message.objects.filter(object_id__in=about), leave_out=["id", "object_id"])
