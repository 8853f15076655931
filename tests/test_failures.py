"""The site's responses while its database is unavailable or read-only, or its static files are missing."""

import io
import json
import logging
import os
import signal

import pytest
from django.conf import settings as site_settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.db import connection

from campaign import static_files, worker
from campaign.privacy.logs import MaskingFormatter
from tests.accounts.organisers import sign_in
from tests.databases import connected_to
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
# Without a session they redirect to the sign-in page.
ADMIN_PAGES = ["/admin/", "/admin/no/such/place/", "/admin/pledges/signature/", "/admin/logout/"]


@pytest.fixture(params=["a visitor", "an organiser"])
def any_client(request, client, transactional_db):
    """Return a client that shows error responses: a visitor's, or an organiser's with a session."""
    PledgeFactory(slug="stop")
    client.raise_request_exception = False
    client.extra_pages = []
    if request.param == "an organiser":
        sign_in(client)
        client.extra_pages = ADMIN_PAGES
    return client


@pytest.fixture
def database_down(transactional_db, tmp_path):
    """Connect to a place where no database listens."""
    with connected_to(HOST=str(tmp_path)):
        yield


@pytest.fixture
def hashed_names(settings, tmp_path):
    """Use static files with hashed names, as in production but not compressed, in a folder that is still empty."""
    settings.STATIC_ROOT = tmp_path
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    return tmp_path


def check_503(response, path):
    assert response.status_code == 503, path
    assert response.headers["Retry-After"] == "30", path
    assert "no-store" in response.headers["Cache-Control"], path
    assert "<h1>" in response.content.decode(), path
    assert "server" not in response.content.decode(), path
    assert not response.cookies, path


def test_every_page_says_when_to_retry_while_the_database_is_down(any_client, database_down):
    for path in [*PAGES, *any_client.extra_pages]:
        check_503(any_client.get(path), path)


def test_every_form_says_when_to_retry_while_the_database_is_down(any_client, database_down):
    for path in [*FORMS, *any_client.extra_pages]:
        check_503(any_client.post(path, ANSWERS), path)


def test_the_readiness_check_names_the_database_while_it_is_down(client, database_down):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": False, "static": True, "disk": True})
    assert client.get("/healthz").status_code == 200


def test_posts_are_answered_503_while_the_database_is_read_only_as_after_a_failover(any_client):
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        check_503(any_client.post("/pledges/stop/", ANSWERS), "sign")
        assert any_client.get("/pledges/stop/").status_code == 200
    finally:
        connection.close()


@pytest.mark.parametrize("manifest", [None, "", "{", "[]", "{}", json.dumps({"version": "1.1", "paths": {}})])
def test_without_a_manifest_pages_answer_500_and_the_readiness_check_says_why(client, db, hashed_names, manifest):
    if manifest is not None:
        (hashed_names / "staticfiles.json").write_text(manifest)
    client.raise_request_exception = False
    for path in ("/", "/no-such-page/", "/accounts/login/"):
        response = client.get(path)
        assert response.status_code == 500, path
        page = response.content.decode()
        assert "<h1>" in page
        assert f'href="{site_settings.STATIC_URL}hub.css"' in page

    response = client.get("/readyz")
    assert (response.status_code, response.json()["static"]) == (503, False)


def test_error_pages_work_without_a_manifest_and_without_a_database(any_client, database_down, hashed_names):
    for path in PAGES:
        response = any_client.get(path)
        assert response.status_code in (500, 503), path
        assert "<h1>" in response.content.decode()
    assert any_client.get("/readyz").json() == {"database": False, "static": False, "disk": True}


def test_without_a_manifest_the_web_server_refuses_to_start_and_says_why(db, hashed_names, caplog):
    with pytest.raises(CommandError, match="collectstatic"):
        call_command("check", databases=["default"])
    static_files.complain()

    assert [(line.levelno, line.getMessage().count("collectstatic")) for line in caplog.records] == [
        (logging.CRITICAL, 1)
    ]


def test_a_manifest_from_an_older_release_is_detected(client, db, hashed_names):
    call_command("collectstatic", interactive=False, verbosity=0)
    assert static_files.is_complete()
    assert client.get("/").status_code == 200
    call_command("check", databases=["default"])

    del staticfiles_storage.hashed_files["hub.css"]
    assert client.get("/readyz").json()["static"] is False


def test_an_outage_logs_two_lines_for_each_request_and_no_traceback(client, database_down):
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


def test_a_worker_waits_while_the_database_is_read_only(transactional_db, monkeypatch):
    monkeypatch.setattr(worker, "DATABASE_WAIT", 0.01)
    runs = []

    def run_once():
        runs.append(None)
        if len(runs) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = on")
            PledgeFactory()
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.work(run_once, 0.01)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(runs) == 2
