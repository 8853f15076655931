"""Requests with a body that is too large or never arrives, sent straight to gunicorn, without nginx."""

import socket
from types import SimpleNamespace

import pytest

from campaign import gunicorn
from campaign.network import body
from tests.bench.load import serving

PATIENCE = 60  # seconds, on a busy machine
PAGE = "/letters/find-your-mp/"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker):
    """Serve the site with a single thread, which one slow client could block."""
    with django_db_blocker.unblock(), serving("campaign.wsgi", WEB_WORKERS="1", WEB_THREADS="1") as (port, _pid):
        yield port


def send(port, method, path, length, sent=b""):
    """Send a request that announces a body of this length, but never sends all of it; return the status line."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(head.encode() + sent)
        answer = b""
        while block := client.recv(65536):
            answer += block
        return answer.split(b"\r\n", 1)[0].decode()


@pytest.mark.parametrize(
    ("method", "path", "length"),
    [
        ("POST", PAGE, 2 * 1024**2),
        ("POST", PAGE, 10**12),
        pytest.param("POST", PAGE, "9" * 4000, id="4000 digits"),
        ("GET", "/healthz", 10**12),
        ("POST", "/webhooks/stripe/", 10**12),
        ("POST", "/admin/login/", 10**12),
        ("POST", "/no-such-page", 10**12),
    ],
)
def test_a_huge_content_length_is_answered_413_at_once_and_disconnected(port, method, path, length):
    assert send(port, method, path, length).split()[1] == "413"


def test_a_connection_that_falls_silent_is_closed(monkeypatch):
    monkeypatch.setattr(body, "MAX_SILENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gunicorn.when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
        with socket.create_connection(listener.getsockname()):
            accepted, _address = listener.accept()
            with accepted, pytest.raises(BlockingIOError):
                accepted.recv(1)


def test_organisers_may_upload_more_than_visitors():
    for path, most in (("/admin/pages/page/1/change/", 25 * 1024**2), ("/pledges/stop/", 1024**2)):
        assert not body.is_too_large(path, str(most))
        assert body.is_too_large(path, str(most + 1))


@pytest.mark.parametrize("length", ["", "-1", "1e9", "²", "٣", "0"])
def test_an_odd_length_is_left_to_the_server(length):
    assert not body.is_too_large("/", length)
