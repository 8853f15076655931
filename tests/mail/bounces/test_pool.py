"""Reading the mailbox of bounces through PgBouncer in transaction mode."""

import mailbox
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.core.management import call_command
from django.db import connection

from tests.mail.bounces.samples import sample
from tests.pooler import connect_through, needs_pgbouncer, pooler  # noqa: F401 - a fixture

pytestmark = [needs_pgbouncer, pytest.mark.django_db(transaction=True)]
PATIENCE = 30


def read():
    try:
        return call_command("read_bounces")
    finally:
        connection.close()


def test_one_of_two_readings_at_once_reads_and_the_next_may_read_again(
    pooler,  # noqa: F811
    monkeypatch,
    settings,
    tmp_path,
):
    settings.BOUNCES_URL = f"maildir://{tmp_path / 'bounces'}"
    box = mailbox.Maildir(tmp_path / "bounces")
    box.add(sample("postfix"))
    connect_through(pooler, monkeypatch)
    begun, end, keys = Event(), Event(), mailbox.Maildir.keys

    def slow_keys(self):
        begun.set()
        end.wait(PATIENCE)
        return keys(self)

    monkeypatch.setattr(mailbox.Maildir, "keys", slow_keys)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(read)
        begun.wait(PATIENCE)
        second = pool.submit(read)
        try:
            assert second.result(PATIENCE / 2) == "Another process is reading the mailbox."
        finally:
            end.set()
        assert first.result().startswith("Reports about our messages: 1.")

        box.add(sample("postfix"))
        assert pool.submit(read).result().startswith("Reports about our messages: 1.")
