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
APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT
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
        with _journal() as file:
            _append(file, erasure.line().encode())
    except OSError:
        log.exception("The journal of erasures can't be written.")


def is_writable() -> bool:
    """Whether the journal can be opened to write; it is made when it is missing."""
    try:
        with _journal():
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
    with _journal():
        lines = path.read_text(encoding="ascii", errors="replace").splitlines(keepends=True)
        kept = [line for line in lines if not _is_before(line, before)]
        if len(kept) < len(lines):
            _replace(path, "".join(kept).encode(errors="replace"))
    return len(lines) - len(kept)


def _is_before(line: str, before: datetime) -> bool:
    """Whether a line is from before then. One that can't be read is not: somebody has to look at it."""
    try:
        return datetime.fromisoformat(line.split(" ")[0]) < before
    except (ValueError, TypeError):
        log.error("A line of the journal of erasures can't be read.")
        return False


def _append(file: int, line: bytes) -> None:
    """Write a line whole, and on a line of its own whatever a power cut has left before it."""
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line
    while line:
        line = line[os.write(file, line) :]
    os.fsync(file)


def _replace(path: Path, text: bytes) -> None:
    """Put a file in the place of the journal in one step: a cut at any moment leaves the old one or the new one."""
    draft = path.with_name(f"{path.name}.draft")
    draft.touch(0o600)
    with draft.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@contextmanager
def _journal() -> Iterator[int]:
    """The journal, open to append and locked: whoever else writes waits, and then looks which file it is by now."""
    path = Path(settings.ERASURE_JOURNAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        file = os.open(path, APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(os.fstat(file), path.stat()):
                yield file
                return
        finally:
            os.close(file)
