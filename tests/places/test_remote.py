"""Requests to another service: limits on their duration and frequency, and distrust of the responses."""

import json
import logging
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache
from django.db import connection

from campaign.db import Lock, try_long_lock
from campaign.network import fetching
from campaign.places import postcodes_io, remote
from campaign.places.models import Constituency
from tests.servers import running

PAUSE_LEFT = "SELECT extract(epoch FROM expires - clock_timestamp()) FROM shared_cache WHERE cache_key LIKE '%paused%'"
LEYTON = "E14001334"


def answer(postcode="E10 5LL", **codes):
    codes = codes or {"parliamentary_constituency": "E14000790", "parliamentary_constituency_2024": LEYTON}
    return json.dumps({"status": 200, "result": {"postcode": postcode, "codes": codes}}).encode()


class Server(ThreadingHTTPServer):
    """A server that responds with `status`, `headers` and `body`, or lets `respond` do so, and records the paths."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.headers, self.body, self.paths, self.respond = 200, {}, answer(), [], None


class Handler(BaseHTTPRequestHandler):
    """A handler that responds as its server specifies."""

    def do_GET(self):
        self.server.paths.append(self.path)
        if self.server.respond:
            self.server.respond(self.wfile)
            return
        self.send_response(self.server.status)
        for name, value in ({"Content-Length": str(len(self.server.body))} | self.server.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(constituencies, settings):
    with running(Server()) as server:
        settings.LIVE_LOOKUPS, settings.POSTCODES_IO = True, f"http://127.0.0.1:{server.server_port}"
        cache.clear()
        yield server
    cache.clear()


@pytest.fixture
def short_timeout(monkeypatch):
    """Time out after 0.3 seconds instead of 3."""
    monkeypatch.setattr(remote, "SECONDS", 0.3)


@contextmanager
def lasting_at_most(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_the_constituency_is_found_by_its_2024_code(server):
    found = postcodes_io.find("e105ll")

    assert found.postcode == "E10 5LL"
    assert found.constituency == Constituency.objects.get(pk=LEYTON)
    assert not found.terminated
    assert server.paths == ["/postcodes/E10%205LL"]


def test_it_is_off_by_default(settings):
    assert settings.LIVE_LOOKUPS is False


def test_an_invalid_postcode_is_not_sent(server):
    with pytest.raises(ValueError, match="postcode"):
        postcodes_io.find("../../etc")
    assert server.paths == []


def test_a_response_is_cached_under_a_key_that_hides_the_postcode(server):
    assert postcodes_io.find("E10 5LL") == postcodes_io.find("E10 5LL")
    assert len(server.paths) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        kept = repr(cursor.fetchall())
    assert "E10" not in kept
    assert "5LL" not in kept


def test_an_unknown_postcode_is_not_requested_again_the_same_day(server):
    server.status, server.body = 404, b'{"status":404,"error":"Postcode not found"}'

    assert postcodes_io.find("E10 5LL") is None
    assert postcodes_io.find("E10 5LL") is None
    assert len(server.paths) == 1
    server.status, server.body = 200, answer("E10 5LN")
    assert postcodes_io.find("E10 5LN").constituency.pk == LEYTON


@pytest.mark.parametrize(
    "codes",
    [
        {"parliamentary_constituency": "E14000790"},
        {"parliamentary_constituency_2024": "E14009999"},
        {"parliamentary_constituency": None},
        {"parliamentary_constituency_2024": "Leyton and Wanstead"},
    ],
    ids=["2010", "strange", "none", "name"],
)
def test_an_unknown_constituency_code_is_ignored(server, codes):
    server.body = answer(**codes)

    assert postcodes_io.find("E10 5LL") is None


def test_a_postcode_that_the_service_puts_in_no_constituency_is_unknown(server):
    server.body = answer("AB39 3TR", parliamentary_constituency="S99999999")

    assert postcodes_io.find("AB39 3TR") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"result": null}',
        b'{"result": {"codes": [], "postcode": "E10 5LL"}}',
        b"\xff\xfe",
        b"[" * 200_000,
        answer("E10 5LN"),
        answer("nonsense"),
        answer(parliamentary_constituency=7),
        answer() + b" " * fetching.MAX_BYTES,
    ],
    ids=[
        "empty",
        "cut",
        "list",
        "null",
        "no-result",
        "codes",
        "bytes",
        "deep",
        "another",
        "no-postcode",
        "number",
        "long",
    ],
)
def test_an_invalid_response_is_ignored_and_not_requested_again_at_once(server, body):
    server.body = body

    assert postcodes_io.find("E10 5LL") is None
    assert postcodes_io.find("E10 5LL") is None
    assert len(server.paths) == 1


def test_a_truncated_response_is_ignored(server):
    server.headers = {"Content-Length": str(len(server.body) + 1)}

    assert postcodes_io.find("E10 5LL") is None


def test_a_redirect_is_not_followed(server):
    server.status, server.headers = 302, {"Location": "/elsewhere"}

    assert postcodes_io.find("E10 5LL") is None
    assert server.paths == ["/postcodes/E10%205LL"]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("120", 115, 120),
        ("in an hour", 3000, 3600),
        ("9" * 30, 86395, 86400),
        ("soon", 55, 60),
        ("-5", 55, 60),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 1),
        (None, 55, 60),
    ],
)
def test_a_service_is_not_contacted_again_while_it_asks_us_to_wait(server, status, header, least, most):
    if header == "in an hour":
        header = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    server.status, server.headers = status, {"Retry-After": header} if header else {}
    assert postcodes_io.find("E10 5LL") is None

    with connection.cursor() as cursor:
        cursor.execute(PAUSE_LEFT)
        assert least - 2 <= cursor.fetchone()[0] <= most + 2
    if least:
        server.status = 200
        assert postcodes_io.find("E10 5LN") is None
        assert len(server.paths) == 1


def drip(piece, start=b""):
    def respond(file):
        file.write(start)
        while True:
            file.write(piece)
            file.flush()
            time.sleep(0.02)

    return respond


@pytest.mark.parametrize(
    "respond",
    [
        lambda file: time.sleep(1),
        drip(b"X-More: 1\r\n", b"HTTP/1.1 200 OK\r\n"),
        drip(b" ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
        drip(b"X"),
    ],
    ids=["silent", "headers", "body", "status"],
)
def test_a_slow_server_times_out(server, short_timeout, respond, monkeypatch):
    monkeypatch.setattr(Server, "handle_error", lambda *args: None)
    server.respond = respond
    with lasting_at_most(0.8):
        assert postcodes_io.find("E10 5LL") is None


def test_the_limit_is_three_seconds():
    assert remote.SECONDS == 3


def test_an_unreachable_server_gives_no_answer(server, settings):
    settings.POSTCODES_IO = "http://127.0.0.1:1"

    assert postcodes_io.find("E10 5LL") is None


@pytest.mark.django_db(transaction=True)
def test_only_one_request_runs_at_a_time(server):
    begun, end = threading.Event(), threading.Event()

    def ask():
        with try_long_lock(Lock.LIVE_LOOKUP):
            begun.set()
            end.wait()
        connection.close()

    other = threading.Thread(target=ask)
    other.start()
    begun.wait()
    try:
        assert postcodes_io.find("E10 5LL") is None
        assert server.paths == []
    finally:
        end.set()
        other.join()
    assert postcodes_io.find("E10 5LL").constituency.pk == LEYTON


@pytest.mark.parametrize("status", [200, 404, 429, 500])
def test_postcodes_are_not_logged(server, status, caplog):
    caplog.set_level(logging.DEBUG)
    server.status = status
    postcodes_io.find("E10 5LL")
    server.body = b"{"
    postcodes_io.find("E10 5LN")

    assert "E10" not in caplog.text
    assert "5LL" not in caplog.text
