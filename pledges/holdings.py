"""What pledges hold about a person: signatures, their changes, links to manage them, and messages about all that."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BinaryField
from django.db.models.functions import Cast

from campaign.email_addresses.canonical import address_hash, canonical
from campaign.mail.models import Message
from campaign.privacy import crypto
from campaign.privacy.holdings import Entry, entries, holds
from pledges.models import ManageLink, Pledge, Signature, StateChange


@holds
def signature_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each row about a signature of this address, "count me only" included."""
    # By pledge as well, because the index begins with it.
    pledges = list(Pledge.objects.values_list("pk", flat=True))
    signatures = Signature.objects.filter(pledge__in=pledges, email_hash=address_hash(address))
    keys = list(signatures.values_list("pk", flat=True))
    links = list(_keys_of_links(canonical(address), keys))
    yield from entries(signatures, leave_out=["id"])
    yield from entries(StateChange.objects.filter(signature__in=keys), leave_out=["id", "signature", "organiser"])
    yield from entries(ManageLink.objects.filter(pk__in=links), leave_out=["id", "signature"])
    yield from entries(Message.objects.filter(object_id__in=[*keys, *links]), leave_out=["id", "object_id"])


def _keys_of_links(wanted: str, signatures: list[Any]) -> Iterator[Any]:
    """Yield the keys of links for these signatures, or requested by this canonical address.

    Links have no hash of the address, but there are only those of the last day.
    """
    sealed = ManageLink.objects.annotate(sealed=Cast("email", BinaryField()))
    for key, signature, value in sealed.values_list("pk", "signature", "sealed").iterator():
        if signature in signatures or canonical(_opened(value)) == wanted:
            yield key


def _opened(value: memoryview | bytes | None) -> str:
    """Return the address of a link; "" if it can't be decrypted."""
    try:
        return crypto.decrypt(bytes(value or b""), ManageLink.email.field.purpose)
    except crypto.DecryptionError:
        return ""
