"""Look-ups at postcodes.io, for which a local server stands in."""

import json
import threading
import time

import pytest
from django.core.cache import cache
from django.db import connection

from campaign.places import postcodes_io, remote
from tests.remote import serving

ANSWER = {"status": 200, "result": {"postcode": "NW3 7UX", "codes": {"parliamentary_constituency": "E14001265"}}}


@pytest.fixture
def service(constituencies, settings):
    cache.clear()
    with serving() as (server, address):
        settings.LIVE_LOOKUPS, settings.POSTCODES_IO = True, address
        server.body = json.dumps(ANSWER).encode()
        yield server
    cache.clear()


def test_it_is_off_by_default(service, settings):
    settings.LIVE_LOOKUPS = False

    assert postcodes_io.find("NW3 7UX") is None
    assert service.paths == []


def test_an_answer_is_requested_once_and_cached_without_the_postcode(service):
    assert postcodes_io.find("nw37ux").constituency.pk == "E14001265"
    assert postcodes_io.find("NW3 7UX").constituency.pk == "E14001265"

    assert service.paths == ["/postcodes/NW3%207UX"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        assert not any("NW3" in key for (key,) in cursor.fetchall())


@pytest.mark.parametrize("postcode", ["JE2 3AB", "BF1 0AX", "BX1 1LT"])
def test_the_service_is_not_asked_about_a_postcode_outside_all_constituencies(service, postcode):
    assert postcodes_io.find(postcode) is None
    assert service.paths == []


def test_an_unknown_postcode_is_not_guessed(service):
    service.status = 404

    assert postcodes_io.find("NW3 7UX") is None
    assert postcodes_io.find("NW3 7UX") is None
    assert len(service.paths) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_the_service_requests(service, status):
    service.status, service.headers = status, {"Retry-After": "120"}
    assert postcodes_io.find("NW3 7UX") is None

    service.status = 200
    assert postcodes_io.find("NW3 7UZ") is None
    assert len(service.paths) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"result": null}', b'{"result": {"codes": {}}}', b"x" * 300_000])
def test_an_unexpected_answer_is_ignored(service, body):
    service.body = body

    assert postcodes_io.find("NW3 7UX") is None


def test_a_slow_service_times_out(service, monkeypatch):
    monkeypatch.setattr(remote, "SECONDS", 0.2)
    service.delay = 2  # and then it would know the answer

    assert postcodes_io.find("NW3 7UX") is None


@pytest.mark.django_db(transaction=True)
def test_only_one_request_runs_at_a_time(service):
    service.delay = 0.5

    def ask():
        postcodes_io.find("NW3 7UZ")
        connection.close()

    other = threading.Thread(target=ask)
    other.start()
    while not service.paths:
        time.sleep(0.01)
    assert postcodes_io.find("NW3 7UX") is None
    other.join()
    assert len(service.paths) == 1


def test_postcodes_are_not_logged(service, caplog):
    service.status, service.body = 500, b""
    postcodes_io.find("NW3 7UX")
    service.server_close()
    postcodes_io.find("NW3 7UZ")

    assert "NW3" not in caplog.text
    assert "7UX" not in caplog.text
