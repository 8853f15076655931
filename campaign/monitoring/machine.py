"""The machine that the site runs on: room on its disks, its clock, its errors, and how quickly the database answers."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone

from campaign.db import clock
from campaign.monitoring import error_count
from campaign.monitoring.metrics import Sample, measures

MIN_FREE_BYTES = 200 * 1024**2
MAX_DISK_SECONDS = 5.0
# Codes from authenticator apps fail when a clock is 30 seconds wrong. With NTP, clocks differ by milliseconds.
MAX_CLOCK_SECONDS = 5.0
# PostgreSQL's own statistics (27.2.14): the time that it has spent on our statements, in milliseconds.
ACTIVITY = "SELECT floor(active_time / 1000), numbackends FROM pg_stat_database WHERE datname = current_database()"
disks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disks")


def has_room() -> bool:
    """Return whether each disk that the site writes to has 200 MB left."""
    return all(free >= MIN_FREE_BYTES for free in free_bytes().values())


def clock_is_right() -> bool:
    """Return whether this machine's clock and the database's agree to five seconds."""
    return abs(clock_offset()) <= MAX_CLOCK_SECONDS


def clock_offset() -> float:
    """Return how many seconds the database's clock is ahead of ours."""
    asked_at = timezone.now()
    theirs = clock()
    return (theirs - asked_at - (timezone.now() - asked_at) / 2).total_seconds()


def free_bytes() -> dict[str, int]:
    """Return the free space for uploads, for the journal of erasures and for temporary files.

    A disk that doesn't respond within five seconds counts as full. Only one thread ever waits for it.
    """
    task = disks.submit(lambda: {name: _free(path) for name, path in folders().items()})
    try:
        return task.result(MAX_DISK_SECONDS)
    except (OSError, TimeoutError):
        return dict.fromkeys(folders(), 0)
    finally:
        task.cancel()


def folders() -> dict[str, Path]:
    """Return the folders that this machine writes to. They lack uploads on S3 and a journal kept elsewhere."""
    found = {"temporary": Path(gettempdir())}
    if settings.ERASURE_JOURNAL:
        found["journal"] = Path(settings.ERASURE_JOURNAL).parent
    if isinstance(default_storage, FileSystemStorage):
        found["media"] = Path(default_storage.location)
    return found


def _free(path: Path) -> int:
    """Return the free bytes in a folder or, until it is made, in the one above it."""
    return shutil.disk_usage(next(folder for folder in (path, *path.parents) if folder.exists())).free


@measures("hub_errors_total", "Errors that this machine has logged.", in_database=False)
def errors(now: datetime) -> Iterator[Sample]:
    """Yield the number of errors."""
    yield (), error_count.count()


@measures("hub_disk_free_bytes", "Free space on the disk of a folder.", "folder", in_database=False)
def disk(now: datetime) -> Iterator[Sample]:
    """Yield the free bytes for each folder."""
    yield from (((name,), free) for name, free in free_bytes().items())


@measures("hub_clock_offset_seconds", "How far the database's clock is ahead of this machine's.")
def offset(now: datetime) -> Iterator[Sample]:
    """Yield the difference between the two clocks."""
    yield (), round(clock_offset(), 3)


@measures("hub_database_answer_seconds", "How long the database took to answer the simplest query.")
def answer_time(now: datetime) -> Iterator[Sample]:
    """Yield the time of one query."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield (), time.perf_counter() - began


@measures("hub_database_active_seconds_total", "Time that the database has spent on statements, in whole seconds.")
def activity(now: datetime) -> Iterator[Sample]:
    """Yield the time spent. Whole seconds are too coarse to show a single signature."""
    yield (), _activity()[0]


@measures("hub_database_connections", "Connections to the database.")
def connections(now: datetime) -> Iterator[Sample]:
    """Yield the number of connections of all our processes."""
    yield (), _activity()[1]


def _activity() -> tuple[float, int]:
    with connection.cursor() as cursor:
        cursor.execute(ACTIVITY)
        return cursor.fetchone()
