"""Reading what the messages of a batch have in common."""

import time
from itertools import count

import pytest

from campaign.mail import shared


@pytest.fixture
def read():
    """Return a function that returns 0, then 1, then 2."""
    return count().__next__


def test_messages_of_a_batch_share_what_is_read(read):
    with shared.batch():
        assert [shared.once("name", read), shared.once("name", read), shared.once("other", read)] == [0, 0, 1]


def test_it_is_read_again_after_a_moment_and_in_the_next_batch(read, monkeypatch):
    with shared.batch():
        shared.once("name", read)
        later = time.monotonic() + shared.KEPT_FOR + 0.1
        monkeypatch.setattr(shared.time, "monotonic", lambda: later)
        assert shared.once("name", read) == 1
    with shared.batch():
        assert shared.once("name", read) == 2


def test_outside_a_batch_it_is_read_each_time(read):
    assert [shared.once("name", read), shared.once("name", read)] == [0, 1]
