"""Erasures on request, recorded outside the database so that restoring a backup doesn't bring anybody's data back.

An entry is stored in the transaction that erases. Once that is committed, its line is written to the journal
(`campaign.privacy.journal`) and the entry deleted; if that fails, the worker retries until it succeeds. A line contains
the time, what was requested, what it is about, and the address's keyed hash in hexadecimal. A repeated line does no
harm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaign.monitoring.log_lines import Safe
from campaign.privacy import journal
from campaign.privacy.models import ErasureEntry

# In this order: a withdrawal; a suppressed address; a signature that is no longer public; "count me only"; a reason for
# signing, and one that an organiser refused; the signers of a closed pledge; a picture or a document; a community that
# has left, its public name, and its former contact; somebody who got news without signing; a signer who no longer wants
# news.
KINDS = (
    *("withdraw", "never", "private", "count", "reason", "reason-refused", "closed", "file"),
    *("community", "community-unnamed", "community-contact"),
    *("news", "no-news"),
)
HASH_BYTES = 32
NOBODY = bytes(HASH_BYTES)  # instead of an address hash, if the erasure is about a pledge, a file or a community
MAX_ENTRIES_AT_ONCE = 1000
MAX_WAIT = timedelta(minutes=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Erasure:
    """An erasure: when it was requested (aware), its kind, such as "withdraw", its subject, and the address hash.

    The subject is a pledge's number, or the key of a file or a community.
    """

    at: datetime
    what: str
    about: str
    address_hash: bytes

    def line(self) -> str:
        """Return the erasure's line in the journal."""
        return f"{self.at.isoformat(timespec='seconds')} {self.what} {self.about} {self.address_hash.hex()}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Return the erasure that a line records. Raises ValueError if the line is damaged."""
        at, what, about, digits = line.split(" ")
        erasure = cls(datetime.fromisoformat(at), what, about, bytes.fromhex(digits))
        if what not in KINDS or timezone.is_naive(erasure.at) or len(erasure.address_hash) != HASH_BYTES:
            raise ValueError("This is not an erasure.")
        return erasure


def end_of_day(now: datetime) -> datetime:
    """Return the last second of the day of `now` (aware), in UTC.

    An erasure whose hash mustn't be matched with others of the same moment is recorded with this time. If a backup is
    restored, it is repeated even for somebody who changed their mind on the same day.
    """
    return now.astimezone(UTC).replace(hour=23, minute=59, second=59, microsecond=0)


Repeat = Callable[[Erasure], bool]
REPEATERS: dict[str, Repeat] = {}


def repeats(kind: str) -> Callable[[Repeat], Repeat]:
    """Register a function that repeats an erasure of this kind and returns whether it changed anything.

    Kinds without such a function are about signatures, and `pledges.erasure_replay` repeats them.
    """

    def register(repeat: Repeat) -> Repeat:
        REPEATERS[kind] = repeat
        return repeat

    return register


def record(*erasures: Erasure) -> None:
    """Record erasures in the transaction that erases. Once it commits, try at once to write them to the journal."""
    ErasureEntry.objects.bulk_create(ErasureEntry(line=erasure.line()) for erasure in erasures)
    transaction.on_commit(write_waiting, robust=True)


def write_waiting() -> int:
    """Write the oldest 1,000 waiting entries to the journal, synced once, and return how many were written.

    Return 0 if this machine keeps no journal, or can't write to it. Entries that another process is writing are left
    to it.
    """
    if not settings.ERASURE_JOURNAL:
        return 0
    try:
        with transaction.atomic():
            waiting = list(ErasureEntry.objects.select_for_update(skip_locked=True)[:MAX_ENTRIES_AT_ONCE])
            if waiting:
                journal.append("".join(entry.line for entry in waiting))
                ErasureEntry.objects.filter(pk__in=[entry.pk for entry in waiting]).delete()
    except OSError as error:
        log.error("The journal of erasures can't be written: %s.", Safe(error.strerror or "the disk does not answer"))
        return 0
    return len(waiting)


def are_kept() -> bool:
    """Return whether the journal can be written to and no entry has been waiting longer than two minutes."""
    late = ErasureEntry.objects.filter(noted_at__lt=timezone.now() - MAX_WAIT)
    return journal.is_writable() and not late.exists()


def read(path: Path) -> tuple[list[Erasure], list[int]]:
    """Return the erasures in a journal, in order, and the numbers of the damaged lines."""
    erasures, damaged = [], []
    lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            erasures.append(Erasure.parse(line))
        except ValueError:
            damaged.append(number)
    return erasures, damaged
