"""The data that we hold about a person besides the apps' own: requested erasures and earlier answers."""

from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.privacy import erasures
from campaign.privacy.holdings import Entry, entries, heading, holds
from campaign.privacy.models import ErasureEntry
from campaign.subject_access.models import SubjectAccess


@holds
def earlier_answers(address: str) -> Iterator[Entry]:
    """Yield an entry for each earlier answer to this address."""
    yield from entries(SubjectAccess.objects.about(address), leave_out=["id", "organiser"])


@holds
def requested_erasures(address: str) -> Iterator[Entry]:
    """Yield an entry for each erasure that this address requested, whether or not it is in the journal yet."""
    yield from erasure_entries({address_hash(address), mailbox_hash(address)})


def erasure_entries(hashes: Collection[bytes], note: str = "") -> Iterator[Entry]:
    """Yield an entry for each erasure recorded under any of `hashes`, with `note` in its heading."""
    what = heading(_("Requested erasure"), note)
    for erasure in _noted_erasures():
        if erasure.address_hash in hashes:
            at = date_format(timezone.localtime(erasure.at), "j F Y H:i")
            yield Entry(what, [(_("When"), at), (_("What was requested"), erasure.what)])


def _noted_erasures() -> Iterator[erasures.Erasure]:
    """Yield every erasure recorded in this machine's journal or in the database. Raises OSError."""
    path = Path(settings.ERASURE_JOURNAL) if settings.ERASURE_JOURNAL else None
    if path and path.exists():
        yield from erasures.read(path)[0]
    yield from map(erasures.Erasure.parse, ErasureEntry.objects.values_list("line", flat=True))
