"""The data that we hold about communities' contacts."""

from collections.abc import Iterator

from actions.communities.models import Community, ContactChange, PlannedStep, Report
from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds

HIDDEN = ["id", "link_number", "naming_at", "contact_at"]


@holds
def community_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each community whose contact has this address, and for each row that belongs to it."""
    communities = Community.objects.from_address(address)
    keys = list(communities.values_list("pk", flat=True))
    yield from entries(communities, leave_out=HIDDEN)
    for rows in (PlannedStep.objects, Report.objects, ContactChange.objects):
        leave_out = [*HIDDEN, "community", "contact_name", "contact_role", "email"]
        yield from entries(rows.filter(community__in=keys), leave_out=leave_out)
    yield from entries(Message.objects.filter(object_id__in=keys), leave_out=["id", "object_id"])


@holds
def new_contact_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each request to make the person with this address a contact, and for its messages."""
    keys = list(ContactChange.objects.from_address(address).values_list("pk", flat=True))
    yield from entries(ContactChange.objects.filter(pk__in=keys), leave_out=["id", "community"])
    yield from entries(Message.objects.filter(object_id__in=keys), leave_out=["id", "object_id"])
