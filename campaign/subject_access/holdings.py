"""What the site holds about a person besides the apps' own data: requested erasures, and earlier answers."""

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
    """Yield an entry for each answer that was given to this address before."""
    yield from entries(SubjectAccess.objects.about(address), leave_out=["id", "organiser"])


@holds
def requested_erasures(address: str) -> Iterator[Entry]:
    """Yield an entry for each erasure in the journal, or on its way there, that this address asked for."""
    yield from erasure_entries({address_hash(address), mailbox_hash(address)})


def erasure_entries(hashes: Collection[bytes], note: str = "") -> Iterator[Entry]:
    """Yield an entry, with a note in its heading, for each erasure recorded with any of `hashes`."""
    what = heading(_("Requested erasure"), note)
    for erasure in _noted_erasures():
        if erasure.address_hash in hashes:
            at = date_format(timezone.localtime(erasure.at), "j F Y H:i")
            yield Entry(what, [(_("When"), at), (_("What was requested"), erasure.what)])


def _noted_erasures() -> Iterator[erasures.Erasure]:
    """Yield every erasure that this machine's journal or the database records. Raises OSError."""
    path = Path(settings.ERASURE_JOURNAL) if settings.ERASURE_JOURNAL else None
    if path and path.exists():
        yield from erasures.read(path)[0]
    yield from map(erasures.Erasure.parse, ErasureEntry.objects.values_list("line", flat=True))
