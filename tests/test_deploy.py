"""The nginx of `deploy/`, with its cache."""

import json
import math
import os
import re
import ssl
import subprocess
import time
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection, RemoteDisconnected
from urllib.parse import urlencode

import pytest
from django.core.management import call_command

from campaign.pages.models import Page
from pledges.models import Pledge, Signature
from tests.bench.load import is_listening
from tests.checkouts import wait_until
from tests.factories import publish
from tests.front import NGINX, front
from tests.pledges.conftest import ANSWERS

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
CONNECTION_HEADERS = {"server", "date", "connection", "transfer-encoding", "content-length"}
needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not installed.")
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("deploy")]


@pytest.fixture
def pledge(transactional_db):
    call_command("load_campaign")
    return Pledge.objects.get()


@pytest.fixture
def site(pledge, tmp_path):
    with front(tmp_path, WEB_WORKERS="1") as running:  # starting two takes twice as long
        yield running


def fetch(site, path, method="GET", body=None, source=None, **headers):
    """Return the status, headers and body of a response through nginx, requested from a `source` (address and port)."""
    context = ssl._create_unverified_context()  # noqa: S323 - it is ours
    client = HTTPSConnection("127.0.0.1", site.port, context=context, timeout=30, source_address=source)
    return exchange(client, method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})


def exchange(client, method, path, body, headers):
    client.request(method, path, body, headers)
    response = client.getresponse()
    try:
        return response.status, dict(response.getheaders()), response.read()
    finally:
        client.close()


def fetch_and_log(site, path):
    """Return the body of a response once nginx has logged it. Its processes log after they answer, and in any order."""
    logged = len(site.cache_statuses())
    body = fetch(site, path)[2]
    wait_until(lambda: len(site.cache_statuses()) > logged)
    return body


@needs_nginx
def test_nginx_caches_public_pages_without_changing_their_headers(site, pledge):
    path = f"{pledge.get_absolute_url()}signatories/"  # a page with a form changes, and its ETag with it, every minute
    status, first, body = fetch(site, path)
    wait_until(lambda: len(site.cache_statuses()) == 1)  # nginx writes its log after it has answered
    again = fetch(site, path)
    wait_until(lambda: len(site.cache_statuses()) == 2)
    tag = first["ETag"]

    assert (status, again[0]) == (200, 200)
    assert site.cache_statuses() == ["MISS", "HIT"]
    assert again[2] == body
    assert fetch(site, path, If_None_Match=tag)[0] == 304
    assert "s-maxage" in first["Cache-Control"]
    direct = fetch_directly(site, path)
    seen = {name.lower(): text for name, text in first.items() if name.lower() not in CONNECTION_HEADERS}
    assert seen == {name.lower(): text for name, text in direct.items() if name.lower() not in CONNECTION_HEADERS}
    assert {"content-security-policy", "strict-transport-security", "x-frame-options"} <= set(seen)


@needs_nginx
def test_tags_add_no_copies_to_the_cache_but_other_parameters_do(site, pledge):
    path = pledge.get_absolute_url()
    tagged = ["", "?via=a", "?via=b", "?via=a&via=b", "?via="]
    others = ["?x=1", "?x=1&via=a", "?via=a&x=1", "?via=a&via=b&x=1", "?viable=1", "?x=via=1", "?x=1&via=a&y=2"]
    bodies = [fetch_and_log(site, path + query) for query in (*tagged, *others)]

    assert len(set(bodies[:5])) == 1
    assert site.cache_statuses()[:5] == ["MISS", *["HIT"] * 4]
    assert site.cache_statuses()[5:] == ["MISS", "HIT", "HIT", "HIT", "MISS", "MISS", "MISS"]


def fetch_directly(site, path):
    """Return the headers of gunicorn's own response to a request like nginx's."""
    command = ["curl", "-sS", "-o", os.devnull, "-D", "-", "--unix-socket", str(site.socket)]
    command += ["-H", "X-Forwarded-Proto: https", f"http://127.0.0.1:{site.port}{path}"]
    head = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own command
    return dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)


@needs_nginx
def test_nginx_forwards_a_signature_and_ignores_the_address_that_the_client_claims(site, pledge):
    body = urlencode(ANSWERS)
    response = fetch(site, pledge.get_absolute_url(), "POST", body, **FORM, X_Forwarded_For="198.51.100.7")

    assert response[0] == 302
    assert "no-store" in response[1]["Cache-Control"]
    signature = Signature.objects.get()
    assert signature.network is None  # of this machine itself; the claimed address would have been hashed
    assert fetch(site, "/healthz")[0] == 200


@needs_nginx
def test_nginx_caches_no_private_page_and_logs_no_address_or_token(site, pledge):
    for path in ("/admin/", "/pledges/confirm/secret-token/", "/accounts/login/", "/pledges/manage/secret-token/"):
        fetch(site, path)
        fetch(site, path)

    assert not {"HIT", "STALE"} & set(site.cache_statuses())
    log = site.log.read_text()
    assert all(re.fullmatch(r"\S+ GET \d{3} [\d.]+ (-|MISS|BYPASS)", line) for line in log.splitlines())
    assert "secret-token" not in log + (site.folder / "campaign-hub.error.log").read_text()


@needs_nginx
def test_cached_pages_are_served_while_the_site_is_down(site, pledge):
    assert fetch(site, pledge.get_absolute_url())[0] == 200
    site.gunicorn.kill()
    site.gunicorn.wait()

    # Its workers notice a moment later.
    wait_until(lambda: fetch(site, pledge.get_absolute_url(), "POST", "x=1", **FORM)[0] == 502)
    assert fetch(site, pledge.get_absolute_url())[0] == 200


def sleep_until(moment):
    time.sleep(max(0, moment - time.time()))


@needs_nginx
def test_scheduled_changes_appear_on_time_through_the_cache_even_for_the_first_visitor(site):
    fetch(site, "/imprint/")  # so that gunicorn is ready
    second = math.ceil(time.time()) + 1
    changes_at = datetime.fromtimestamp(second + 3.5, UTC)
    for slug in ("contact", "privacy"):
        publish(Page.objects.get(slug=slug), live_at=changes_at, title="As scheduled")
    publish(Page.objects.get(slug="statement"), expires_at=changes_at)
    paths = ("/contact/", "/privacy/", "/statement/")
    sleep_until(second - 0.4)  # The cache counts whole seconds, and asks again less than a second before the change.
    before = [fetch(site, path) for path in paths]
    sleep_until(second + 3.1)
    last = fetch(site, "/privacy/")
    sleep_until(second + 4.5)
    after = [fetch(site, path) for path in paths]

    assert [status for status, _headers, _body in before] == [200, 200, 200]
    assert b"As scheduled" not in before[0][2] + before[1][2] + last[2]
    assert [status for status, _headers, _body in after] == [200, 200, 404]
    assert b"As scheduled" in after[0][2]
    assert b"As scheduled" in after[1][2]


@needs_nginx
def test_nginx_redirects_http_to_https_and_hangs_up_on_other_hosts(site):
    assert site.check()[0] == 0, site.check()[1]
    client = HTTPConnection("127.0.0.1", site.plain_port, timeout=30)
    status, headers, _body = exchange(client, "GET", "/donate/?from=poster", None, {})

    assert is_listening(site.plain_port)
    assert (status, headers["Location"]) == (301, "https://127.0.0.1/donate/?from=poster")
    for host in ("other.example", "127.0.0.1.other.example", "localhost"):
        with pytest.raises(RemoteDisconnected):
            fetch(site, "/", Host=host)
        with pytest.raises(RemoteDisconnected):
            exchange(HTTPConnection("127.0.0.1", site.plain_port, timeout=30), "GET", "/", None, {"Host": host})
    assert fetch(site, "/healthz")[0] == 200


@needs_nginx
def test_nginx_passes_on_a_redirect_to_the_longest_address(site):
    for path, query in ((f"/{'x' * 2000}", ""), ("/letters", f"?{'x' * 4000}")):
        status, headers, _body = fetch(site, path + query)
        assert (status, headers.get("Location")) == (301, f"{path}/{query}")


@needs_nginx
def test_nginx_shows_the_readiness_check_and_the_metrics_to_this_machine_only(site, pledge):
    for name in ("readyz", "metrics"):
        assert fetch(site, f"/{name}")[0] == 200

        assert fetch(site, f"/{name}", X_Forwarded_For="127.0.0.1")[0] == 403
        coded = f"%{ord(name[0]):x}{name[1:]}"
        for path in (name, f"{name}?x=1", f"/{name}", coded, f"x/../{name}", f"./{name}", f"%2F{name}"):
            assert fetch(site, f"/{path}", source=("127.0.0.2", 0))[0] == 403, path
        for path in (f"{name}/", name.upper(), f"{name}%00", f"{name}%20", f"{name}%0A", f"{name};x"):
            assert b"hash_key" not in fetch(site, f"/{path}", source=("127.0.0.2", 0))[2], path
    assert fetch(site, "/healthz", source=("127.0.0.2", 0))[0] == 200


@needs_nginx
def test_without_its_database_the_site_responds_with_503_and_the_readiness_check_says_why(pledge, tmp_path):
    unreachable = "postgres://nobody@%2Fnowhere/nothing"
    with front(tmp_path, DATABASE_URL=unreachable, WEB_WORKERS="1") as site:
        for path in ("/", "/no-such-page/", "/admin/"):
            status, headers, _body = fetch(site, path, Cookie=f"__Host-sessionid={'x' * 32}")
            assert (status, headers["Retry-After"]) == (503, "30"), path
        status, _headers, body = fetch(site, "/readyz")
        assert (status, json.loads(body)) == (503, {"database": False, "static": True, "disk": True})
        assert fetch(site, "/healthz")[0] == 200
