"""What production needs, as it is in `deploy/`: the front with its cache, and copies of the database that come back."""

import json
import os
import re
import ssl
import subprocess
from http.client import HTTPConnection, HTTPSConnection
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection

from campaign.devserver import localdb
from campaign.privacy.models import DailyKey
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.bench.load import is_listening
from tests.checkouts import HERE, wait_until
from tests.factories import SignatureFactory
from tests.front import NGINX, front
from tests.pledges.conftest import ANSWERS
from tests.tables import contents

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
OF_THE_WIRE = {"server", "date", "connection", "transfer-encoding", "content-length"}
needs_nginx = pytest.mark.skipif(not NGINX, reason="There is no nginx here.")
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("deploy")]


@pytest.fixture
def pledge(transactional_db):
    call_command("load_campaign")
    return Pledge.objects.get()


@pytest.fixture
def site(pledge, tmp_path):
    with front(tmp_path) as running:
        yield running


def ask(site, path, method="GET", body=None, source=None, **headers):
    """Return the status, headers and body of an answer through nginx, requested from a `source` (address and port)."""
    context = ssl._create_unverified_context()  # noqa: S323 - it is ours
    wire = HTTPSConnection("127.0.0.1", site.port, context=context, timeout=30, source_address=source)
    return exchange(wire, method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})


def exchange(wire, method, path, body, headers):
    wire.request(method, path, body, headers)
    answer = wire.getresponse()
    try:
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        wire.close()


@needs_nginx
def test_nginx_keeps_public_pages_and_adds_and_hides_nothing(site, pledge):
    path = pledge.get_absolute_url()
    status, first, body = ask(site, path)
    again = ask(site, path)
    tag = first["ETag"]

    assert (status, again[0]) == (200, 200)
    wait_until(lambda: len(site.statuses_of_cache()) == 2)  # nginx writes its log after it has answered
    assert site.statuses_of_cache() == ["MISS", "HIT"]
    assert again[2] == body
    assert ask(site, path, If_None_Match=tag)[0] == 304
    assert "s-maxage" in first["Cache-Control"]
    direct = straight(site, path)
    seen = {name.lower(): text for name, text in first.items() if name.lower() not in OF_THE_WIRE}
    assert seen == {name.lower(): text for name, text in direct.items() if name.lower() not in OF_THE_WIRE}
    assert {"content-security-policy", "strict-transport-security", "x-frame-options"} <= set(seen)


def straight(site, path):
    """The headers of gunicorn's own answer, as nginx asks for it."""
    command = ["curl", "-sS", "-o", os.devnull, "-D", "-", "--unix-socket", str(site.socket)]
    command += ["-H", "X-Forwarded-Proto: https", f"http://127.0.0.1:{site.port}{path}"]
    head = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own command
    return dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)


@needs_nginx
def test_nginx_passes_a_signature_on_and_believes_no_address_that_the_client_names(site, pledge):
    body = urlencode(ANSWERS)
    answer = ask(site, pledge.get_absolute_url(), "POST", body, **FORM, X_Forwarded_For="198.51.100.7")

    assert answer[0] == 302
    assert "no-store" in answer[1]["Cache-Control"]
    signature = Signature.objects.get()
    assert signature.network is None  # this machine's own; what the client said would have made a hash
    assert ask(site, "/healthz")[0] == 200


@needs_nginx
def test_nginx_keeps_nothing_private_and_logs_nobody(site, pledge):
    for path in ("/admin/", "/pledges/confirm/secret-token/", "/accounts/login/", "/pledges/manage/secret-token/"):
        ask(site, path)
        ask(site, path)

    assert not {"HIT", "STALE"} & set(site.statuses_of_cache())
    log = site.log.read_text()
    assert all(re.fullmatch(r"\S+ GET \d{3} [\d.]+ (-|MISS|BYPASS)", line) for line in log.splitlines())
    assert "secret-token" not in log + (site.folder / "campaign-hub.error.log").read_text()


@needs_nginx
def test_pages_that_were_kept_outlive_the_site_behind(site, pledge):
    assert ask(site, pledge.get_absolute_url())[0] == 200
    site.gunicorn.kill()
    site.gunicorn.wait()

    assert ask(site, pledge.get_absolute_url())[0] == 200
    assert ask(site, pledge.get_absolute_url(), "POST", "x=1", **FORM)[0] == 502


@needs_nginx
def test_nginx_is_content_with_its_file_and_sends_who_comes_in_clear_to_the_closed_door(site):
    assert site.check()[0] == 0, site.check()[1]
    wire = HTTPConnection("127.0.0.1", site.plain_port, timeout=30)
    status, headers, _body = exchange(wire, "GET", "/donate/?from=poster", None, {})

    assert is_listening(site.plain_port)
    assert (status, headers["Location"]) == (301, "https://127.0.0.1/donate/?from=poster")


@needs_nginx
def test_nginx_says_what_is_wrong_with_the_site_to_this_machine_only(site, pledge):
    assert ask(site, "/readyz")[0] == 200

    assert ask(site, "/readyz", X_Forwarded_For="127.0.0.1")[0] == 403
    for path in ("/readyz", "/readyz?x=1", "//readyz", "/%72eadyz", "/x/../readyz", "/./readyz", "/%2Freadyz"):
        assert ask(site, path, source=("127.0.0.2", 0))[0] == 403, path
    for path in ("/readyz/", "/READYZ", "/readyz%00", "/readyz%20", "/readyz;x"):
        assert b"hash_key" not in ask(site, path, source=("127.0.0.2", 0))[2], path
    assert ask(site, "/healthz", source=("127.0.0.2", 0))[0] == 200


@needs_nginx
def test_where_the_database_has_gone_the_site_says_so_and_the_monitor_hears(pledge, tmp_path):
    away = "postgres://nobody@%2Fnowhere/nothing"
    with front(tmp_path, DATABASE_URL=away) as site:
        for path in ("/", "/no-such-page/", "/admin/"):
            status, headers, _body = ask(site, path, Cookie=f"sessionid={'x' * 32}")
            assert (status, headers["Retry-After"]) == (503, "30"), path
        status, _headers, body = ask(site, "/readyz")
        assert (status, json.loads(body)) == (503, {"database": False, "static": True})
        assert ask(site, "/healthz")[0] == 200


@pytest.fixture
def empty_database():
    """The name of a second database, which is dropped afterwards."""
    name = f"{connection.settings_dict['NAME']}_restored"
    drop = f'DROP DATABASE IF EXISTS "{name}"'
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(drop)


def address(name):
    """The DATABASE_URL of a database of the test's server, as libpq reads one."""
    wanted = connection.get_connection_params() | {"dbname": name}
    keys = ("host", "port", "user", "password", "dbname")
    return "postgresql://?" + "&".join(f"{key}={quote(str(wanted[key]), safe='')}" for key in keys if wanted.get(key))


def programs():
    """The folder of pg_dump and pg_restore: Debian's of the server's version, else the embedded server's.

    What newer ones write an older server may not read: "unrecognized configuration parameter transaction_timeout".
    """
    debian = Path(f"/usr/lib/postgresql/{connection.pg_version // 10_000}/bin")
    return debian if debian.exists() else Path(find_spec(localdb.WHEEL).origin).parent.parent / localdb.SERVER / "bin"


def run(program, *arguments, name, **environment):
    """Run a program of deploy/ on a database."""
    path = f"{programs()}:{os.environ['PATH']}"
    return subprocess.run(  # noqa: S603 - our own commands
        [HERE / "deploy" / program, *arguments],
        env=os.environ | {"PATH": path, "DATABASE_URL": address(name)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_copy_of_the_database_comes_back_whole_but_for_what_was_to_be_forgotten(pledge, empty_database, tmp_path):
    SignatureFactory.create_batch(3, pledge=pledge, public=True)
    DailyKey.of("2026-11-23")
    publish_counts()
    old = tmp_path / "hub-20200101T000000Z.dump"
    old.touch()
    os.utime(old, (0, 0))
    made = run("backup", tmp_path, name=connection.settings_dict["NAME"])
    (copy,) = tmp_path.glob("hub-*")
    assert made.stdout.strip() == str(copy), made.stderr
    assert copy.stat().st_mode & 0o077 == 0

    restored = run("restore", copy, name=empty_database)
    assert restored.returncode == 0, restored.stderr
    before = contents()
    with psycopg2.connect(address(empty_database)) as other, other.cursor() as cursor:
        after = contents(cursor)
    other.close()
    assert before["privacy_dailykey"]
    for left_out in ("privacy_dailykey", "django_session", "shared_cache"):
        del before[left_out]
        assert after.pop(left_out) == []
    assert after == before
    assert run("restore", copy, name=empty_database).returncode != 0


def test_a_copy_of_the_journal_of_erasures_goes_with_that_of_the_database(pledge, tmp_path):
    journal = tmp_path / "erasures.log"
    old = tmp_path / "hub-20200101T000000Z.erasures"
    for path in (journal, old):
        path.write_text("a line\n")
    os.utime(old, (0, 0))

    made = run("backup", tmp_path, name=connection.settings_dict["NAME"], ERASURE_JOURNAL=str(journal))
    assert made.returncode == 0, made.stderr
    (copy,) = tmp_path.glob("hub-*.erasures")
    assert copy.read_text() == "a line\n"
    assert copy.stat().st_mode & 0o077 == 0
    assert copy.stem == Path(made.stdout.strip()).stem
