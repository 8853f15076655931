"""Locks shared by all processes."""

import threading

import pytest
from django.db import connection, transaction

from campaign.db import Lock, lock, try_lock, try_session_lock


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


def test_a_session_lock_is_held_for_the_length_of_a_block(elsewhere):
    with try_session_lock(Lock.LIVE_LOOKUP) as is_ours:
        assert is_ours
        assert not elsewhere(try_lock, Lock.LIVE_LOOKUP)

    assert elsewhere(try_lock, Lock.LIVE_LOOKUP)


def test_a_session_lock_ends_with_a_block_that_fails(elsewhere):
    def fail():
        with try_session_lock(Lock.LIVE_LOOKUP):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert elsewhere(try_lock, Lock.LIVE_LOOKUP)
