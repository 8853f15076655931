"""How another service is asked: no longer, no more often and no more trustingly than we allow."""

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

from campaign.db import Lock, try_session_lock
from campaign.places import fetching, postcodes_io, remote
from campaign.places.models import Constituency

REST = "SELECT extract(epoch FROM expires - clock_timestamp()) FROM shared_cache WHERE cache_key LIKE '%paused%'"
LEYTON = "E14001334"


def answer(postcode="E10 5LL", **codes):
    codes = codes or {"parliamentary_constituency": "E14000790", "parliamentary_constituency_2024": LEYTON}
    return json.dumps({"status": 200, "result": {"postcode": postcode, "codes": codes}}).encode()


class Server(ThreadingHTTPServer):
    """Answers each request with the same `status`, `headers` and `body`, or as `say` does; keeps the paths."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.headers, self.body, self.asked, self.say = 200, {}, answer(), [], None


class Handler(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.say:
            self.server.say(self.wfile)
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
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.LIVE_LOOKUPS, settings.POSTCODES_IO = True, f"http://127.0.0.1:{server.server_port}"
    cache.clear()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
    cache.clear()


@pytest.fixture
def short(monkeypatch):
    """Wait 0.3 seconds instead of 3."""
    monkeypatch.setattr(remote, "SECONDS", 0.3)


@contextmanager
def lasting_at_most(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_the_constituency_is_joined_by_its_code_of_2024(server):
    found = postcodes_io.find("e105ll")

    assert found.postcode == "E10 5LL"
    assert found.constituency == Constituency.objects.get(pk=LEYTON)
    assert not found.terminated
    assert server.asked == ["/postcodes/E10%205LL"]


def test_it_is_off_unless_the_operator_says_otherwise(settings):
    assert settings.LIVE_LOOKUPS is False


def test_what_is_no_postcode_is_not_sent(server):
    with pytest.raises(ValueError, match="postcode"):
        postcodes_io.find("../../etc")
    assert server.asked == []


def test_an_answer_is_kept_under_a_name_that_does_not_tell_the_postcode(server):
    assert postcodes_io.find("E10 5LL") == postcodes_io.find("E10 5LL")
    assert len(server.asked) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        kept = repr(cursor.fetchall())
    assert "E10" not in kept
    assert "5LL" not in kept


def test_a_postcode_that_it_does_not_know_is_not_asked_again_today(server):
    server.status, server.body = 404, b'{"status":404,"error":"Postcode not found"}'

    assert postcodes_io.find("E10 5LL") is None
    assert postcodes_io.find("E10 5LL") is None
    assert len(server.asked) == 1
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
def test_a_code_that_is_none_of_ours_is_no_answer(server, codes):
    server.body = answer(**codes)

    assert postcodes_io.find("E10 5LL") is None


def test_an_island_is_known_to_be_in_no_constituency(server):
    server.body = answer("IM1 1AA", parliamentary_constituency="M99999999")

    assert postcodes_io.find("IM1 1AA").constituency is None


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
def test_an_answer_that_is_none_is_not_believed_and_not_asked_for_at_once_again(server, body):
    server.body = body

    assert postcodes_io.find("E10 5LL") is None
    assert postcodes_io.find("E10 5LL") is None
    assert len(server.asked) == 1


def test_an_answer_that_is_cut_short_is_not_believed(server):
    server.headers = {"Content-Length": str(len(server.body) + 1)}

    assert postcodes_io.find("E10 5LL") is None


def test_a_redirect_is_not_followed(server):
    server.status, server.headers = 302, {"Location": "/elsewhere"}

    assert postcodes_io.find("E10 5LL") is None
    assert server.asked == ["/postcodes/E10%205LL"]


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
def test_who_asks_us_to_wait_is_left_alone_for_so_long(server, status, header, least, most):
    if header == "in an hour":
        header = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    server.status, server.headers = status, {"Retry-After": header} if header else {}
    assert postcodes_io.find("E10 5LL") is None

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM expires - clock_timestamp()) FROM shared_cache WHERE cache_key LIKE '%paused%'"
        )
        assert least - 2 <= cursor.fetchone()[0] <= most + 2
    if least:
        server.status = 200
        assert postcodes_io.find("E10 5LN") is None
        assert len(server.asked) == 1


def drip(piece, start=b""):
    def say(file):
        file.write(start)
        while True:
            file.write(piece)
            file.flush()
            time.sleep(0.02)

    return say


@pytest.mark.parametrize(
    "say",
    [
        lambda file: time.sleep(1),
        drip(b"X-More: 1\r\n", b"HTTP/1.1 200 OK\r\n"),
        drip(b" ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
        drip(b"X"),
    ],
    ids=["silent", "headers", "body", "status"],
)
def test_a_slow_server_is_not_waited_for(server, short, say, monkeypatch):
    monkeypatch.setattr(Server, "handle_error", lambda *args: None)
    server.say = say
    with lasting_at_most(0.8):
        assert postcodes_io.find("E10 5LL") is None


def test_the_limit_is_three_seconds():
    assert remote.SECONDS == 3


def test_a_server_that_is_not_there_is_no_answer(server, settings):
    settings.POSTCODES_IO = "http://127.0.0.1:1"

    assert postcodes_io.find("E10 5LL") is None


@pytest.mark.django_db(transaction=True)
def test_while_one_asks_nobody_else_does(server):
    begun, end = threading.Event(), threading.Event()

    def ask():
        with try_session_lock(Lock.LIVE_LOOKUP):
            begun.set()
            end.wait()
        connection.close()

    other = threading.Thread(target=ask)
    other.start()
    begun.wait()
    try:
        assert postcodes_io.find("E10 5LL") is None
        assert server.asked == []
    finally:
        end.set()
        other.join()
    assert postcodes_io.find("E10 5LL").constituency.pk == LEYTON


@pytest.mark.parametrize("status", [200, 404, 429, 500])
def test_no_log_tells_the_postcode(server, status, caplog):
    caplog.set_level(logging.DEBUG)
    server.status = status
    postcodes_io.find("E10 5LL")
    server.body = b"{"
    postcodes_io.find("E10 5LN")

    assert "E10" not in caplog.text
    assert "5LL" not in caplog.text
