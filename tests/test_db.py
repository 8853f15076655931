"""Locks shared by all processes."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from campaign import db
from campaign.db import Lock, in_chunks, lock, try_lock, try_long_lock
from campaign.tags.models import Tag
from tests.pooler import connect_through, needs_pgbouncer, pooler  # noqa: F401 - a fixture


@pytest.fixture
def elsewhere(transactional_db):
    """Run a function on another connection, in a separate transaction, and return its result."""

    def run(function, *args):
        answers = []

        def work():
            with transaction.atomic():
                answers.append(function(*args))
            connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return answers[0]

    return run


@pytest.mark.parametrize("take", [lock, try_lock])
def test_a_lock_is_held_until_the_transaction_ends(elsewhere, take):
    with transaction.atomic():
        take(Lock.IMPORT)
        assert not elsewhere(try_lock, Lock.IMPORT)
        assert elsewhere(try_lock, Lock.CLAIM)

    assert elsewhere(try_lock, Lock.IMPORT)


def test_a_long_lock_is_held_for_the_length_of_a_block(elsewhere):
    with try_long_lock(Lock.LIVE_LOOKUP) as is_ours:
        assert is_ours
        assert not elsewhere(try_lock, Lock.LIVE_LOOKUP)

    assert elsewhere(try_lock, Lock.LIVE_LOOKUP)


def test_a_long_lock_ends_with_a_block_that_fails(elsewhere):
    def fail():
        with try_long_lock(Lock.LIVE_LOOKUP):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert elsewhere(try_lock, Lock.LIVE_LOOKUP)


@needs_pgbouncer
def test_rows_read_in_chunks_do_not_need_a_session(pooler, monkeypatch):  # noqa: F811
    for number in range(3):
        Tag.objects.create(name=f"Leaflet {number}", slug=f"leaflet-{number}")
    connect_through(pooler, monkeypatch)
    monkeypatch.setattr(db, "CHUNK", 1)

    def read():
        found, other = in_chunks(Tag.objects.order_by("pk")), connections.create_connection("default")
        first = next(found)
        try:
            other.set_autocommit(False)
            other.cursor().execute("SELECT 1")  # takes the session that was used last, unless it is in use
            return [first, *found]
        finally:
            other.close()
            connection.close()

    with ThreadPoolExecutor() as pool:
        assert [tag.slug for tag in pool.submit(read).result()] == ["leaflet-0", "leaflet-1", "leaflet-2"]
