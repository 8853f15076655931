"""Database helpers beyond the ORM: locks shared by all processes, and a check for an unavailable database."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import IntEnum
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connection, connections, transaction

CHUNK = 1000
READ_ONLY = "25006"  # read_only_sql_transaction (PostgreSQL, appendix A)


class Lock(IntEnum):
    """Numbers of our advisory locks (PostgreSQL, 13.3.5): arbitrary, but each must be unique."""

    IMPORT = 650
    LIVE_LOOKUP = 651
    CHECK_LINKS = 652
    FILL_MAILINGS = 653
    READ_BOUNCES = 655
    NEWS_PACE = 656
    UPDATE_DATA = 657
    PARTITION = 658
    CLAIM = 0x61696420  # "aid "
    DONATION = 0x67696674  # "gift"
    AUDIT = 0x61756474  # "audt"; the trigger `audit_chain` takes this lock
    BRANDS = 0x62726E64  # "brnd"; the trigger that chains the brands' ledger takes this lock


def lock(number: Lock) -> None:
    """Take the lock until the transaction ends; wait for it if another transaction has it."""
    _ask("SELECT pg_advisory_xact_lock(%s)", number)


def lock_briefly(number: Lock) -> None:
    """Take the lock as `lock` does. A process that freezes while it has the lock loses its transaction after 30 s."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '30s'")
    lock(number)


def try_lock(number: Lock) -> bool:
    """Take the lock until the transaction ends; return False if another transaction has it."""
    return _ask("SELECT pg_try_advisory_xact_lock(%s)", number)


@contextmanager
def try_long_lock(number: Lock) -> Iterator[bool]:
    """Hold the lock during the block, which may last for minutes and commit. Yields False if somebody else has it.

    The lock belongs to the transaction of a second connection, because a lock of the session would be lost behind a
    pool in transaction mode. If that connection breaks, the block goes on without the lock.
    """
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        other.set_autocommit(False)
        yield _ask("SELECT pg_try_advisory_xact_lock(%s)", number, other)
        with suppress(Error):
            other.rollback()
    finally:
        other.close()


def in_chunks(rows: Any) -> Iterator[Any]:
    """Yield the rows of a queryset, which may be many, 1,000 at a time and in one transaction.

    Outside a transaction, the cursor would need a session of its own, which a pool in transaction mode doesn't give. So
    DISABLE_SERVER_SIDE_CURSORS is set, and `rows.iterator()` would read everything into memory at once.
    """
    with transaction.atomic():
        yield from rows._iterator(use_chunked_fetch=True, chunk_size=CHUNK)


def clock() -> datetime:
    """Return the database's time (aware). It is the same for all machines, and moves on during a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether an error means that the database can't be reached or, as after a failover, written to."""
    cause = error.__cause__ if error else None
    return isinstance(error, OperationalError | InterfaceError) or getattr(cause, "pgcode", None) == READ_ONLY


def _ask(question: str, number: Lock, on: Any = connection) -> bool:
    with on.cursor() as cursor:
        cursor.execute(question, [number])
        return bool(cursor.fetchone()[0])
