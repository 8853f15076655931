"""Live look-ups through PgBouncer in transaction mode."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from campaign.places import postcodes_io
from tests.places.test_remote import LEYTON, answer, server  # noqa: F401 - a fixture
from tests.pooler import connect_through, needs_pgbouncer, pooler  # noqa: F401 - a fixture

pytestmark = [needs_pgbouncer, pytest.mark.django_db(transaction=True)]


def find(postcode):
    try:
        return postcodes_io.find(postcode)
    finally:
        connection.close()


def test_one_of_two_lookups_at_once_asks_and_the_next_may_ask_again(server, pooler, monkeypatch):  # noqa: F811
    connect_through(pooler, monkeypatch)
    asked, end = Event(), Event()

    def wait(file):
        asked.set()
        end.wait(5)
        file.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer()) + answer())

    server.respond = wait
    with ThreadPoolExecutor() as pool:
        first = pool.submit(find, "E10 5LL")
        asked.wait(5)
        second = pool.submit(find, "E10 5LN")
        try:
            assert second.result(2) is None
        finally:
            end.set()
        assert first.result().constituency.pk == LEYTON
        assert len(server.paths) == 1

        server.respond, server.body = None, answer("E10 5LN")
        assert pool.submit(find, "E10 5LN").result().constituency.pk == LEYTON
