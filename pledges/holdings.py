"""What pledges hold about a person: signatures, their changes, links to manage them, and messages about them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds
from campaign.subject_access.encrypted_addresses import keys_with_address
from campaign.subject_access.holdings import erasure_entries
from pledges.mailboxes import hashes_of
from pledges.models import LostMailbox, ManageLink, Pledge, Reason, Signature, SignatureQuerySet, StateChange


@holds
def signature_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each row about this address's signatures, including "count me only".

    Headings mark the entries about a second person who shares the mailbox.
    """
    first, second = hashes_of(address)
    shared = _("of somebody else who shares this mailbox")
    yield from _about_signatures(first)
    yield from _about_signatures(second, shared)
    yield from erasure_entries({second}, shared)


@holds
def link_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each manage link requested from this address or for its signatures, and for its message."""
    signatures = Signature.objects.filter(pledge__in=_pledges()).of_address(address)
    wanted = set(ManageLink.objects.filter(signature__in=_keys(signatures)).values_list("pk", flat=True))
    wanted |= set(keys_with_address(ManageLink, "email", address))
    yield from entries(ManageLink.objects.filter(pk__in=wanted), leave_out=["id", "signature"])
    yield from entries(Message.objects.filter(object_id__in=wanted), leave_out=["id", "object_id"])


@holds
def lost_mailbox_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each request to withdraw in which this is the new address or the lost one.

    Somebody else may be reading the lost mailbox by now, so they learn neither who asked nor the new address.
    """
    own = set(keys_with_address(LostMailbox, "contact", address))
    about = set(keys_with_address(LostMailbox, "email", address)) - own
    yield from entries(LostMailbox.objects.filter(pk__in=own), leave_out=["id", "approval"])
    private = ["id", "approval", "name", "contact", "proof", "network"]
    yield from entries(LostMailbox.objects.filter(pk__in=about), leave_out=private)


def _about_signatures(hashed: bytes, note: str = "") -> Iterator[Entry]:
    """Yield an entry for each signature whose address has this hash, and for each row about it."""
    # Filtered by pledge as well, because the index begins with it.
    signatures = Signature.objects.filter(pledge__in=_pledges(), email_hash=hashed)
    keys = _keys(signatures)
    changes = StateChange.objects.filter(signature__in=keys)
    yield from entries(signatures, leave_out=["id"], note=note)
    reasons = Reason.objects.filter(signature__in=keys)
    yield from entries(reasons, leave_out=["signature", "pledge"], note=note)
    yield from entries(changes, leave_out=["id", "signature", "organiser"], note=note)
    yield from entries(Message.objects.filter(object_id__in=keys), leave_out=["id", "object_id"], note=note)


def _pledges() -> list[int]:
    return list(Pledge.objects.values_list("pk", flat=True))


def _keys(signatures: SignatureQuerySet) -> list[Any]:
    return list(signatures.values_list("pk", flat=True))
