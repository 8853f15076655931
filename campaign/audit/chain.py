"""Checking the chain of hashes.

The chain shows whether any entry has been changed, removed or inserted since somebody noted a hash, such as the newest
hash in the daily list of tasks. The chain can't show more. Somebody with the database and this program could compute
every later hash again, and only the noted hashes would reveal that. Nor does the chain prove that an entry is true.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef

from campaign.audit.models import HASH_BYTES, AuditEntry, AuditLink

CHUNK = 1000
KEPT_FOR = timedelta(days=6 * 365)  # the trigger refuses to delete anything that is less than six years old


def newest_link() -> AuditLink | None:
    """Return the last link of the chain, or None if the log is empty."""
    return AuditLink.objects.order_by("-pk").first()


def problems(now: datetime) -> Iterator[str]:
    """Yield a sentence for each link or entry that is missing or has been changed. `now` is aware."""
    previous = bytes(HASH_BYTES)
    links = AuditLink.objects.order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(links, CHUNK)):
        found = AuditEntry.objects.in_bulk([link.entry for link in chunk])
        for link in chunk:
            if bytes(link.previous) != previous or bytes(link.hash) != link.expected_hash():
                yield f"The chain is broken at entry {link.entry}."
            previous = bytes(link.hash)
            yield from _problems_of(link, found.get(link.entry), now)
    linked = AuditLink.objects.filter(entry=OuterRef("pk"))
    for key in AuditEntry.objects.exclude(Exists(linked)).values_list("pk", flat=True):
        yield f"Entry {key} is not in the chain."


def _problems_of(link: AuditLink, entry: AuditEntry | None, now: datetime) -> Iterator[str]:
    if entry is None:
        if link.at > now - KEPT_FOR:
            yield f"Entry {link.entry} is missing."
    elif bytes(entry.digest) != bytes(link.digest) or entry.at != link.at:
        yield f"Entry {link.entry} differs from its link."
    elif entry.redacted_at is None and entry.expected_digest() != bytes(entry.digest):
        yield f"Entry {link.entry} has been changed."
