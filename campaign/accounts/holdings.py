"""The personal data in accounts: organisers' addresses."""

from collections.abc import Iterator
from uuid import UUID

from campaign.accounts.models import OrganiserAddress
from campaign.email_addresses.canonical import canonical
from campaign.privacy.crypto import DecryptionError
from campaign.privacy.holdings import Entry, entries, holds


@holds
def address_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each account with this address. There are few accounts, so we can decrypt every address."""
    # Fetched one by one, because a single address that can't be decrypted would otherwise hide the others.
    keys = OrganiserAddress.objects.values_list("pk", flat=True)
    yield from entries(
        OrganiserAddress.objects.filter(pk__in=[key for key in keys if _is(key, address)]), leave_out=["id"]
    )


def _is(key: UUID, address: str) -> bool:
    try:
        found = OrganiserAddress.objects.filter(pk=key).first()
    except DecryptionError:
        return False
    return found is not None and canonical(found.email or "") == canonical(address)
