"""Reports of errors to Sentry, received by a server on this machine."""

import gzip
import json
import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
from django.db import OperationalError

from campaign.monitoring.sentry import allowed
from tests.checkouts import wait_until
from tests.monitoring.test_log_lines import found_in
from tests.servers import running

EVENT = {"event_id", "timestamp", "platform", "level", "logger", "release", "logentry", "tags", "exception"}
ADDED = {"sdk"}  # by Sentry's package, after our filter


class Receiver(BaseHTTPRequestHandler):
    """A stand-in for Sentry that keeps what it gets."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.headers.get("Content-Encoding"), bytes)
        self.server.received.append((str(self.headers), unpack(body)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


@pytest.fixture
def sentry():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.received = []
    with running(server):
        yield server


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_report_contains_nothing_that_was_sent(crashing_site, sentry):
    site = crashing_site(SENTRY_DSN=f"http://key@127.0.0.1:{sentry.server_port}/1")
    _status, _headers, page = site.crash()
    wait_until(lambda: any(b"confirm" in body for _headers, body in sentry.received))
    site.stop()

    assert found_in("".join(headers + body.decode() for headers, body in sentry.received)) == []
    envelopes = [body.decode().splitlines() for _headers, body in sentry.received]
    assert {json.loads(item)["type"] for _header, item, _event in envelopes} == {"event"}
    events = [json.loads(text) for _header, _item, text in envelopes]
    assert all(event.keys() <= EVENT | ADDED for event in events)
    (event,) = [event for event in events if "route" in event["tags"]]
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("ValueError", "RuntimeError")
    assert error["stacktrace"]["frames"][-1]["function"] == "confirm"
    assert event["tags"]["route"] == "confirm"
    assert event["tags"]["request"] in page


def test_nothing_is_reported_while_the_database_is_unavailable():
    error = OperationalError("connection refused")
    record = logging.LogRecord("django.request", 40, __file__, 1, "", (), (OperationalError, error, None))
    event = {"event_id": "1", "timestamp": "2", "level": "error", "request": {"data": "x"}}

    assert allowed(event, {"log_record": record}) is None
    assert allowed(event, {}) is None
    record.exc_info = None
    assert allowed(event, {"log_record": record}).keys() == EVENT
