"""What the site answers while its database is unavailable or read-only, or while its static files are missing."""

import io
import json
import logging
import os
import signal

import pytest
from django.conf import settings as of_site
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.db import connection

from campaign import static_files, worker
from campaign.privacy.logs import MaskingFormatter
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory
from tests.pledges.conftest import ANSWERS

PAGES = [
    "/",
    "/no-such-page/",
    "/no/such/place.html",
    "/pledges/stop/",
    "/pledges/stop/count.json",
    "/pledges/manage/nonsense/",
    "/letters/",
    "/protests/calendar.ics",
    "/donate/",
    "/feed.xml",
    "/sitemap.xml",
    "/accounts/login/",
    "/accounts/",
]
FORMS = ["/pledges/stop/", "/pledges/stop/my-signature/", "/accounts/login/"]
# Without a session they lead to the sign-in page.
OF_ORGANISERS = ["/admin/", "/admin/no/such/place/", "/admin/pledges/signature/", "/admin/logout/"]


@pytest.fixture(params=["a visitor", "an organiser"])
def anyone(request, client, transactional_db):
    """A browser that shows the answers it gets: an organiser's has a session."""
    PledgeFactory(slug="stop")
    client.raise_request_exception = False
    client.more = []
    if request.param == "an organiser":
        sign_in(client)
        client.more = OF_ORGANISERS
    return client


@pytest.fixture
def database_away(transactional_db, tmp_path):
    """Nothing listens where the database was."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(tmp_path)
    yield
    connection.close()
    connection.settings_dict["HOST"] = host


@pytest.fixture
def hashed_names(settings, tmp_path):
    """Static files with hashed names, as in production but not compressed, in a folder that is still empty."""
    settings.STATIC_ROOT = tmp_path
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    return tmp_path


def check_503(answer, path):
    assert answer.status_code == 503, path
    assert answer.headers["Retry-After"] == "30", path
    assert "no-store" in answer.headers["Cache-Control"], path
    assert "<h1>" in answer.content.decode(), path
    assert "server" not in answer.content.decode(), path
    assert not answer.cookies, path


def test_while_the_database_is_away_every_page_says_when_to_come_back(anyone, database_away):
    for path in [*PAGES, *anyone.more]:
        check_503(anyone.get(path), path)


def test_while_the_database_is_away_every_form_says_when_to_come_back(anyone, database_away):
    for path in [*FORMS, *anyone.more]:
        check_503(anyone.post(path, ANSWERS), path)


def test_while_the_database_is_away_the_monitor_hears_which_part_is(client, database_away):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"database": False, "static": True})
    assert client.get("/healthz").status_code == 200


def test_a_database_that_may_only_be_read_as_after_a_failover_is_one_that_is_away(anyone):
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        check_503(anyone.post("/pledges/stop/", ANSWERS), "sign")
        assert anyone.get("/pledges/stop/").status_code == 200
    finally:
        connection.close()


@pytest.mark.parametrize("manifest", [None, "", "{", "[]", "{}", json.dumps({"version": "1.1", "paths": {}})])
def test_without_a_manifest_the_error_page_stands_and_the_monitor_hears(client, db, hashed_names, manifest):
    if manifest is not None:
        (hashed_names / "staticfiles.json").write_text(manifest)
    client.raise_request_exception = False
    for path in ("/", "/no-such-page/", "/accounts/login/"):
        answer = client.get(path)
        assert answer.status_code == 500, path
        page = answer.content.decode()
        assert "<h1>" in page
        assert f'href="{of_site.STATIC_URL}hub.css"' in page

    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["static"]) == (503, False)


def test_without_a_manifest_and_database_too_nothing_is_worse(anyone, database_away, hashed_names):
    for path in PAGES:
        answer = anyone.get(path)
        assert answer.status_code in (500, 503), path
        assert "<h1>" in answer.content.decode()
    assert anyone.get("/readyz").json() == {"database": False, "static": False}


def test_without_a_manifest_the_web_server_is_not_started_and_says_why(db, hashed_names, caplog):
    with pytest.raises(CommandError, match="collectstatic"):
        call_command("check", databases=["default"])
    static_files.complain()

    assert [(line.levelno, line.getMessage().count("collectstatic")) for line in caplog.records] == [
        (logging.CRITICAL, 1)
    ]


def test_a_manifest_of_an_older_release_is_noticed(client, db, hashed_names):
    call_command("collectstatic", interactive=False, verbosity=0)
    assert static_files.is_complete()
    assert client.get("/").status_code == 200
    call_command("check", databases=["default"])

    del staticfiles_storage.hashed_files["hub.css"]
    assert client.get("/readyz").json()["static"] is False


def test_an_outage_takes_one_line_of_the_log_for_each_request(client, database_away):
    client.raise_request_exception = False
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(MaskingFormatter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        client.get("/")
    finally:
        logger.removeHandler(handler)

    assert lines.getvalue().startswith("Service Unavailable: /\nconnection to server")
    assert len(lines.getvalue().splitlines()) == 2


def test_a_worker_waits_for_a_database_that_may_only_be_read(transactional_db, monkeypatch):
    monkeypatch.setattr(worker, "DATABASE_WAIT", 0.01)
    turns = []

    def turn():
        turns.append(None)
        if len(turns) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = on")
            PledgeFactory()
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.work(turn, 0.01)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(turns) == 2
