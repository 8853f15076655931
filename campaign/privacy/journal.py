"""The journal of erasures as a file, on a disk or share that outlives the database.

Several machines may share it. Locks keep them apart (flock, which NFS 4 passes to its server). Only one thread in each
process ever waits for the disk, so that a share that hangs doesn't hang the site.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaign.monitoring.log_lines import Safe
from campaign.privacy.retention import rule

APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT
MAX_DISK_SECONDS = 5.0
MIN_SECONDS_BETWEEN_TRIALS = 10.0
TRIAL_BYTES = 4096
disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
log = logging.getLogger(__name__)


def append(lines: str) -> None:
    """Append whole lines, all or none, and return once they are on the disk.

    Raises OSError, or TimeoutError after five seconds, in which case the lines may still arrive later.
    """
    _in_time(_append, lines.encode())


@rule(_("The journal of erasures, in code, from which we repeat them after a backup is restored"), "KEEP_ERASURES_DAYS")
def shorten(before: datetime) -> int:
    """Delete lines older than the given time (aware), sort the others, and return how many were deleted.

    Lines of one moment stand side by side, and so would show which hashes belong to the same person. Kinds that must
    not show it have the same time all day (`erasures.end_of_day`), so sorting separates them.
    """
    path = Path(settings.ERASURE_JOURNAL)
    if not settings.ERASURE_JOURNAL or not path.exists():
        return 0
    with _locked():
        lines = path.read_bytes().splitlines()
        kept = sorted(line for line in lines if not _is_before(line, before))
        if kept != lines:
            _replace(path, b"".join(line + b"\n" for line in kept))
    return len(lines) - len(kept)


class Trial:
    """The last attempt to write and sync beside the journal. Its result is valid for ten seconds in this process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.path, self.at, self.succeeded = "", 0.0, False

    def succeeds(self) -> bool:
        """Return whether the journal can be written to, trying again if the last attempt is too old."""
        with self.lock:
            is_old = time.monotonic() - self.at >= MIN_SECONDS_BETWEEN_TRIALS
            if is_old or self.path != settings.ERASURE_JOURNAL:
                self.path, self.succeeded = settings.ERASURE_JOURNAL, self._attempt()
                self.at = time.monotonic()
            return self.succeeded

    def _attempt(self) -> bool:
        try:
            _in_time(_try_to_write)
        except OSError as error:
            log.error(
                "The journal of erasures can't be written: %s.", Safe(error.strerror or "the disk does not answer")
            )
            return False
        return True


trial = Trial()


def is_writable() -> bool:
    """Return whether the disk accepts and keeps data, or True if this machine isn't meant to keep a journal."""
    return not settings.ERASURE_JOURNAL or trial.succeeds()


def _in_time(do: Callable[..., None], *arguments: bytes) -> None:
    """Call a function in the one thread that waits for the disk, for at most five seconds. Raises OSError."""
    task = disk.submit(do, *arguments)
    try:
        task.result(MAX_DISK_SECONDS)
    finally:
        task.cancel()  # if it hasn't started by now, it never will


def _append(text: bytes) -> None:
    """Write the text on a new line, even after a line that a power cut left incomplete. Write none on a full disk."""
    with _locked() as file:
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            text = b"\n" + text
        try:
            while text:
                text = text[os.write(file, text) :]
            os.fsync(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, size)
            raise


def _try_to_write() -> None:
    """Open the journal as if to append, then write and sync an unnamed file beside it, which fails on a full disk.

    Its bytes are random, so that no file system can compress them away.
    """
    with _open(), TemporaryFile(dir=Path(settings.ERASURE_JOURNAL).parent) as file:
        file.write(os.urandom(TRIAL_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _is_before(line: bytes, before: datetime) -> bool:
    """Return whether a line is older than `before`, or False for an unreadable line, which somebody has to look at."""
    try:
        return datetime.fromisoformat(line.split(b" ")[0].decode()) < before
    except (ValueError, TypeError):
        log.error("A line of the journal of erasures can't be read.")
        return False


def _replace(path: Path, text: bytes) -> None:
    """Replace the journal atomically: a power cut at any moment leaves either the old file or the new one."""
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
def _open() -> Iterator[int]:
    """Open the journal for appending, after creating it and its folder if necessary. Raises OSError."""
    path = Path(settings.ERASURE_JOURNAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, APPEND, 0o600)
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def _locked() -> Iterator[int]:
    """Open the journal with an exclusive lock.

    By the time we hold the lock, `shorten` may have put another file in its place. Opening the path again shows whether
    it has, because NFS then asks the server, whereas `stat` would use the cache.
    """
    while True:
        with _open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with _open() as current:
                is_current = os.path.samestat(os.fstat(file), os.fstat(current))
            if is_current:
                yield file
                return
