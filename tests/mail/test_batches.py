"""Reading what the messages of a batch have in common."""

import time
from itertools import count

import pytest

from campaign.mail import writers


@pytest.fixture
def read():
    """Return a function that returns 0, then 1, then 2."""
    return count().__next__


def test_messages_of_a_batch_share_what_is_read(read):
    with writers.batch():
        assert [writers.once("name", read), writers.once("name", read), writers.once("other", read)] == [0, 0, 1]


def test_values_are_read_again_after_a_moment_and_in_the_next_batch(read, monkeypatch):
    with writers.batch():
        writers.once("name", read)
        later = time.monotonic() + writers.KEPT_FOR + 0.1
        monkeypatch.setattr(writers.time, "monotonic", lambda: later)
        assert writers.once("name", read) == 1
    with writers.batch():
        assert writers.once("name", read) == 2


def test_outside_a_batch_values_are_read_each_time(read):
    assert [writers.once("name", read), writers.once("name", read)] == [0, 1]
