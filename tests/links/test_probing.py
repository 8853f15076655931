"""Checks of addresses on other sites, which never reach a machine on our own network."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from campaign.links import probing
from campaign.links.models import Outcome
from campaign.links.probing import is_public, probe
from tests.servers import running


class Site(BaseHTTPRequestHandler):
    """A site that responds to each path with the status that the path names."""

    asked: list = []

    def do_HEAD(self):
        self.asked.append((self.command, self.path, self.headers["Host"], self.headers["User-Agent"]))
        if self.path == "/slow":
            self.server.released.wait(5)
        if self.path == "/rude":
            self.wfile.write(b"not HTTP\r\n\r\n")
            return
        head, _slash, target = ("302", "", "/loop") if self.path == "/loop" else self.path[1:].partition("/")
        status = int(head) if head.isdecimal() else 200
        self.send_response(405 if (head, self.command) == ("headless", "HEAD") else status)
        if target:
            self.send_header("Location", target)
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()

    def log_message(self, *arguments):
        """Log nothing."""


@pytest.fixture
def site(monkeypatch):
    """Run a site on this machine, whose address counts as public; site.example resolves to it."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as server:
        server.daemon_threads, server.released = True, threading.Event()
        Site.asked = []
        names = {"site.example": "127.0.0.1", "inside.example": "10.0.0.7"}
        looked_up = []

        def look_up(host, port, **options):
            looked_up.append(host)
            if host not in names:
                raise socket.gaierror
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (names[host], port))]

        monkeypatch.setattr(probing, "PORTS", {"http": server.server_port, "https": 443})
        monkeypatch.setattr(probing, "is_public", lambda ip: str(ip) == "127.0.0.1" or is_public(ip))
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        server.looked_up = looked_up
        yield server
        server.released.set()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
        *("::1", "::", "fe80::1", "fec0::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::10.0.0.1"),
        *("64:ff9b::a00:1", "2002:a00:1::1", "2001:0:a00:1::1", "64:ff9b:1::1"),
    ],
)
def test_addresses_that_are_not_on_the_public_internet_are_recognised(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_addresses_are_recognised(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/200", (Outcome.WORKS, 200)),
        ("/404", (Outcome.GONE, 404)),
        ("/410", (Outcome.GONE, 410)),
        ("/403", (Outcome.CLOSED, 403)),
        ("/500", (Outcome.SERVER_ERROR, 500)),
        ("/headless", (Outcome.WORKS, 200)),
        ("/301/http://site.example/404", (Outcome.GONE, 404)),
        ("/302//200", (Outcome.WORKS, 200)),
        ("/302//302//200", (Outcome.WORKS, 200)),
        ("/loop", (Outcome.LOOP, None)),
        ("/302/http://inside.example/", (Outcome.PRIVATE, None)),
        ("/302/http://site.example:22/", (Outcome.PRIVATE, None)),
        ("/302/file:///etc/passwd", (Outcome.PRIVATE, None)),
        ("/302/http://[::1/", (Outcome.NO_ANSWER, None)),
        ("/rude", (Outcome.NO_ANSWER, None)),
        ("/a b\u00e9?c=\u00e9 d", (Outcome.WORKS, 200)),
    ],
)
def test_each_response_of_a_site_has_its_outcome(site, path, found):
    assert probe(f"http://site.example{path}") == found


def test_a_request_identifies_its_sender_and_purpose(site):
    probe("http://site.example/headless")

    assert [asked[0] for asked in Site.asked] == ["HEAD", "GET"]
    assert {asked[3] for asked in Site.asked} == {"campaign-hub link check (+http://127.0.0.1:8000)"}
    assert all(host.startswith("site.example") for *_other, host, _agent in Site.asked)


def test_a_name_is_looked_up_only_once(site):
    """A second look-up could return another address (DNS rebinding)."""
    probe("http://site.example/200")
    assert site.looked_up == ["site.example"]


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("http://inside.example/", Outcome.PRIVATE),
        ("http://nowhere.example/", Outcome.NO_SITE),
        ("ftp://site.example/", Outcome.PRIVATE),
        ("http://site.example:8080/", Outcome.PRIVATE),
        ("http://site.example:99999/", Outcome.NO_ANSWER),
        ("http:///x", Outcome.PRIVATE),
        ("http://" + "x" * 70 + ".\u00e9xample/", Outcome.NO_SITE),
    ],
)
def test_an_address_that_cannot_or_must_not_be_reached_gets_no_request(site, url, outcome):
    assert probe(url) == (outcome, None)
    assert Site.asked == []


def test_a_site_that_never_answers_times_out(site, monkeypatch):
    monkeypatch.setattr(probing, "SECONDS", 0.2)

    assert probe("http://site.example/slow") == (Outcome.NO_ANSWER, None)
