"""The journal of erasures: a file beside the database, replayed after a backup is restored, so that nobody comes back.

A line is: time, what was asked for, what it is about, and the keyed hash of the address in hexadecimal. It is written
before the erasure is committed; one that then fails would at worst be made after a restore.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaign.privacy.retention import rule

# Withdrawn; never to be written to again; taken out of public; held as "count me only".
KINDS = ("withdraw", "never", "private", "count")
APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Erasure:
    """What somebody asked for, such as "withdraw", about what (a pledge's key), when (aware), by which hash."""

    at: datetime
    what: str
    about: str
    address_hash: bytes

    def line(self) -> str:
        """How it stands in the journal."""
        return f"{self.at.isoformat(timespec='seconds')} {self.what} {self.about} {self.address_hash.hex()}\n"


def record(erasure: Erasure) -> None:
    """Append it to the journal, and return when it is on the disk.

    A journal that can't be written holds up no erasure: it is logged, and `is_writable` says so to the monitor.
    """
    try:
        with _journal(APPEND) as file:
            os.write(file, erasure.line().encode())
            os.fsync(file)
    except OSError:
        log.exception("The journal of erasures can't be written.")


def is_writable() -> bool:
    """Whether the journal can be opened to write; it is made when it is missing."""
    try:
        with _journal(APPEND):
            return True
    except OSError:
        return False


def read(path: Path) -> Iterator[Erasure]:
    """The erasures of a journal, the oldest first. Raises ValueError, with its number, for a line that is none."""
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), start=1):
        try:
            at, what, about, digits = line.split(" ")
            KINDS.index(what)
            yield Erasure(datetime.fromisoformat(at), what, about, bytes.fromhex(digits))
        except ValueError as error:
            raise ValueError(f"line {number} is no erasure") from error


@rule(_("The journal of erasures, in codes, by which we erase again after a backup is restored"), "KEEP_ERASURES_DAYS")
def shorten(before: datetime) -> int:
    """Take the lines from before then (aware) out of the journal."""
    path = Path(settings.ERASURE_JOURNAL)
    if not path.exists():
        return 0
    with _journal(os.O_RDWR) as file:
        lines = path.read_text(encoding="ascii").splitlines(keepends=True)
        kept = [line for line in lines if datetime.fromisoformat(line.split(" ")[0]) >= before]
        if len(kept) < len(lines):
            os.ftruncate(file, 0)
            os.pwrite(file, "".join(kept).encode(), 0)
            os.fsync(file)
    return len(lines) - len(kept)


@contextmanager
def _journal(flags: int) -> Iterator[int]:
    """The journal, open and locked: whoever else writes waits."""
    path = Path(settings.ERASURE_JOURNAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, flags, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)
