"""Checking a chain of hashes.

The chain shows whether any row has been changed, removed or inserted since somebody noted a hash, such as the newest
hash in the daily list of tasks. It shows nothing else. Somebody with the database and this program could recompute
every later hash, which only the noted hashes would reveal. The chain doesn't prove that a row is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from campaign.append_only.sealed import HASH_BYTES, Link, Sealed

CHUNK = 1000
CHAINS: list["Chain"] = []


@dataclass(frozen=True)
class Chain:
    """A table of sealed rows, and the table of their links. `name` is its name in the command and the daily message.

    Once rows are older than `kept_for`, they may be missing, because the database lets them be deleted. None means
    never. Rows that match `unlinked` are not part of the chain.
    """

    name: Any
    rows: type[Sealed]
    links: type[Link]
    kept_for: timedelta | None = None
    unlinked: Q | None = None

    def newest(self) -> Any:
        """Return the last link, or None if there is none."""
        return self._links.order_by("-pk").first()

    def has(self, text: str) -> bool:
        """Return whether the chain has this hash, given in hexadecimal digits."""
        try:
            return self._links.filter(hash=bytes.fromhex(text)).exists()
        except ValueError:
            return False

    def length(self) -> int:
        """Return the number of links."""
        return self._links.count()

    def problems(self, now: datetime) -> Iterator[str]:
        """Yield a sentence for each link or row that is missing or has been changed. `now` is aware."""
        previous = bytes(HASH_BYTES)
        links, last = self._links.order_by("pk"), 0
        while chunk := list(links.filter(pk__gt=last)[:CHUNK]):
            last = chunk[-1].pk
            found = self._rows.in_bulk([link.entry for link in chunk])
            for link in chunk:
                if bytes(link.previous) != previous or bytes(link.hash) != link.expected_hash():
                    yield f"The chain is broken at entry {link.entry}."
                previous = bytes(link.hash)
                yield from self._problems_of(link, found.get(link.entry), now)
        linked = self._links.filter(entry=OuterRef("pk"))
        rows = self._rows.exclude(self.unlinked) if self.unlinked else self._rows.all()
        for key in rows.exclude(Exists(linked)).values_list("pk", flat=True):
            yield f"Entry {key} is not in the chain."

    def _problems_of(self, link: Link, row: Sealed | None, now: datetime) -> Iterator[str]:
        if row is None:
            if self.kept_for is None or link.at > now - self.kept_for:
                yield f"Entry {link.entry} is missing."
        elif bytes(row.digest) != bytes(link.digest) or row.sealed_at != link.at:
            yield f"Entry {link.entry} differs from its link."
        elif row.redacted_at is None and row.expected_digest() != bytes(row.digest):
            yield f"Entry {link.entry} has been changed."

    @property
    def _links(self) -> Any:
        return self.links._default_manager

    @property
    def _rows(self) -> Any:
        return self.rows._default_manager


def checked(chain: Chain) -> Chain:
    """Register a chain and return it. `check_audit_log` checks it, and the daily message contains its newest hash."""
    CHAINS.append(chain)
    return chain
