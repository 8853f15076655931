"""Attempts to poison nginx's cache, after which the next visitor must still get the clean page.

Each attack is the first request for its URL, so that nginx would cache the response.
"""

import re
import socket
from contextlib import closing
from itertools import count

import pytest

from tests.front import NGINX, front
from tests.sizes import size

EVIL = "evil.example"
GET = "GET {target} HTTP/1.1"
HOST = "Host: 127.0.0.1"
CLEAN = [GET, HOST]
ATTACKED = ["/pledges/stop-uyghur-genocide/", *size([], ["/", "/pledges/stop-uyghur-genocide/count.json"])]
# Headers that aren't part of the cache key, but change the response of some frameworks, caches and balancers.
NAMES = [
    *("X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-HTTP-Host-Override", "Forwarded", "X-Original-URL"),
    *("X-Rewrite-URL", "X-Forwarded-Prefix", "X-Script-Name", "Origin", "Referer", "X-Forwarded-For", "True-Client-IP"),
    *("Via", "X-Wap-Profile", "X-Amz-Website-Redirect-Location", "Accept-Language", "User-Agent", "Authorization"),
]
VALUES = {"Forwarded": f"for={EVIL};host={EVIL};proto=http", "X-Original-URL": f"/{EVIL}", "X-Rewrite-URL": f"/{EVIL}"}
HEADERS = [f"{name}: {VALUES.get(name, EVIL)}" for name in NAMES] + [
    *("X-Forwarded-Scheme: http", "X-Forwarded-Proto: nonsense", f"X-Forwarded-Port: 1@{EVIL}", "X-Forwarded-SSL: off"),
    *("X-HTTP-Method-Override: POST", "X-HTTP-Method: HEAD", "Range: bytes=0-1", "If-Range: x", "If-None-Match: *"),
    *("If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT", "Expect: 100-continue", "Transfer-Encoding: x", "TE: x"),
    *(f"Cookie: sessionid={EVIL}; django_language={EVIL}", "Accept-Encoding: x", "Accept: text/x", "Upgrade: h2c"),
    *("Connection: close, Host", "Connection: X-Forwarded-For", f"X-Long: {'x' * 7000}", "X-Odd: \x07", "Pragma: x"),
    *("Cache-Control: max-age=99999", f"X-Accel-Redirect: /{EVIL}", "X-Accel-Expires: 99999", "Purpose: prefetch"),
]
ATTACKS = [
    *([GET, HOST, header] for header in HEADERS),
    *([f"{method} {{target}} HTTP/1.1", HOST] for method in ("HEAD", "POST", "OPTIONS", "PURGE", "TRACE", "EVIL")),
    [GET, "Host: 127.0.0.1:1"],
    [GET, f"Host: 127.0.0.1:x{EVIL}"],
    [GET, f"Host: {EVIL}"],
    [GET, HOST, f"Host: {EVIL}"],
    [GET, f"Host: 127.0.0.1@{EVIL}"],
    [GET, "Host: 127.0.0.1."],
    [GET, f" Host: {EVIL}", HOST],
    [f"GET http://{EVIL}{{target}} HTTP/1.1", HOST],
    [f"GET http://127.0.0.1:1@{EVIL}{{target}} HTTP/1.1", HOST],
    ["GET http://127.0.0.1{target} HTTP/1.1", f"Host: {EVIL}"],
    ["GET https://127.0.0.1:1{target} HTTP/1.1", HOST],
    [f"GET {{target}}&via={EVIL} HTTP/1.1", HOST],
    [f"GET {{target}}&via=x&via={EVIL} HTTP/1.1", HOST],
    [f"GET {{target}}#{EVIL} HTTP/1.1", HOST],
    ["GET {target} HTTP/1.0", HOST],
    ["GET {target}"],
]
# Query strings that two servers may read differently.
QUERIES = [
    "?",
    "?{evil}",
    "?;{evil}",
    "?via={evil}%26x=1",
    "?%76ia={evil}",
    "?next=//{evil}",
    "?page=1;{evil}",
    "?=&&=",
]
NEW = re.compile(r'name="stamp" value="[^"]*"')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("deploy"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not NGINX, reason="nginx is not installed."),
]


@pytest.fixture
def site(path, tmp_path):
    with front(tmp_path, "http", WEB_WORKERS="1") as site:
        yield site


def send(site, lines, target):
    """Send a request; return everything that the server sends before it hangs up."""
    text = "\r\n".join([*(line.replace("{target}", target) for line in lines), "Connection: close", "", ""])
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=30)) as client:
        client.sendall(text.encode("latin-1"))
        answer = b""
        try:
            while block := client.recv(65536):
                answer += block
        except ConnectionResetError:
            pass
        return answer.decode("utf-8", "replace")


def page(answer):
    """Return the status line and the headers, without times and caching, and the body without the form's time stamp."""
    head, _gap, body = answer.partition("\r\n\r\n")
    lines = [line for line in head.split("\r\n") if not line.startswith(("Date", "Last-Modified", "Expires", "ETag"))]
    return [line for line in lines if not line.startswith("Cache-Control")], NEW.sub("", body)


@pytest.mark.parametrize("path_attacked", ATTACKED)
def test_after_every_attack_the_next_visitor_gets_the_clean_page(site, path_attacked):
    numbers, spoilt = count(10**6), []
    clean = page(send(site, CLEAN, f"{path_attacked}?n={next(numbers)}"))
    assert clean[0][0] == "HTTP/1.1 200 OK"
    for attack in ATTACKS:
        number = str(next(numbers))
        target = f"{path_attacked}?n={number}"
        send(site, attack, target)
        got = page(send(site, CLEAN, target).replace(number, str(10**6)))
        if got != clean:
            spoilt.append((attack, got[0]))

    assert spoilt == []


def test_an_odd_query_leaves_the_page_without_one_as_it_was(site, path):
    for query in QUERIES:
        send(site, CLEAN, path + query.format(evil=EVIL))
        answer = send(site, CLEAN, path)
        assert answer.startswith("HTTP/1.1 200 "), query
        assert EVIL not in answer, query


def test_a_redirect_leads_to_our_own_host_whatever_the_first_visitor_claimed(site):
    for number, header in enumerate([*HEADERS, "Host: 127.0.0.1:1"]):
        target = f"/letters?n={number}"
        send(site, [GET, header] if header.startswith("Host") else [GET, HOST, header], target)
        answer = send(site, CLEAN, target)
        assert EVIL not in answer
        assert re.search(rf"^Location: (?:http://127.0.0.1)?/letters/\?n={number}\r$", answer, re.MULTILINE), answer
