"""Sessions end after 30 idle minutes or 12 hours. Pages then redirect to the sign-in page, and scripts get a 401."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.organisers import sign_in
from tests.factories import PageFactory, SiteSettingsFactory

START = "2027-01-01T08:00:00Z"
FROM_SCRIPT = [{"X-Requested-With": "fetch"}, {"Accept": "application/json"}, {"Accept": "application/json, */*;q=0.1"}]


@pytest.fixture
def clock(client, db):
    """Stop the clock and sign an organiser in; yield the clock."""
    with time_machine.travel(START, tick=False) as clock:
        SiteSettingsFactory()
        sign_in(client)
        client.get("/admin/")
        yield clock


def test_a_session_ends_after_thirty_idle_minutes_and_signing_in_returns_to_the_page(client, clock):
    clock.shift(timedelta(minutes=31))

    response = client.get("/admin/pages/page/?q=x")
    assert response.status_code == 302
    assert client.get(response.url).url == "/accounts/login/?next=%2Fadmin%2Fpages%2Fpage%2F%3Fq%3Dx"


def test_working_keeps_a_session_alive_for_twelve_hours_and_no_longer(client, clock):
    for _ in range(28):
        clock.shift(timedelta(minutes=25))
        assert client.get("/admin/jsi18n/").status_code == 200
    clock.shift(timedelta(minutes=25))

    assert client.get("/admin/").status_code == 302
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()


def test_a_session_is_saved_at_most_once_a_minute(client, clock, django_assert_num_queries):
    clock.shift(timedelta(minutes=2))
    client.get("/admin/jsi18n/")
    clock.shift(timedelta(seconds=59))
    with django_assert_num_queries(3):  # the session, the user and their second factor
        client.get("/admin/jsi18n/")


def test_a_script_that_only_reads_does_not_keep_a_session_alive_but_one_that_saves_does(client, clock):
    fetch = {"X-Requested-With": "fetch"}
    for method in (client.get, client.post):
        for _ in range(2):
            clock.shift(timedelta(minutes=20))
            last = method("/admin/pages/page/", headers=fetch)
        expected = 401 if method == client.get else 200
        assert last.status_code == expected
        if method == client.get:
            sign_in(client, username="grace")
        client.get("/admin/")


def test_an_open_form_that_nobody_types_in_does_not_keep_a_session_alive(client, clock):
    page = PageFactory()
    presence = f"/admin/pages/page/{page.pk}/presence/"
    by_itself = {"X-Requested-With": "timer", "Accept": "application/json"}
    answers = []
    for _ in range(2):
        clock.shift(timedelta(minutes=20))
        answers.append(client.post(presence, {"form_id": uuid4()}, headers=by_itself).status_code)

    assert answers == [200, 401]


@pytest.mark.parametrize("headers", FROM_SCRIPT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_gets_401_and_json_when_nobody_is_signed_in(db, headers, method):
    response = getattr(Client(), method)("/admin/pages/page/", headers=headers)

    assert response.status_code == 401
    assert response.json() == {"error": "signed_out", "sign_in": "/accounts/login/"}


def test_a_browser_is_redirected_rather_than_shown_json(db):
    accepts = "text/html,application/xhtml+xml,application/json;q=0.9"

    assert Client().get("/admin/", headers={"Accept": accepts}).status_code == 302


def test_a_script_learns_who_is_signed_in_and_gets_a_token_for_its_next_post(client, clock):
    answer = client.get("/accounts/session/").json()

    assert answer["username"] == "ada"
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = client.cookies
    sent = careful.post("/accounts/logout/", headers={"X-CSRFToken": answer["csrf_token"]})
    assert sent.status_code == 302
    assert Client().get("/accounts/session/").status_code == 401


def test_public_pages_neither_read_nor_renew_the_session(client, clock, django_assert_num_queries):
    PageFactory(slug="about")
    Client().get("/about/")
    clock.shift(timedelta(minutes=20))
    response = client.get("/about/")
    assert "sessionid" not in response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    clock.shift(timedelta(minutes=11))

    assert client.get("/admin/").status_code == 302


def test_a_session_ends_with_the_browser(client, clock):
    assert client.session.get_expire_at_browser_close()
    assert client.get("/admin/").status_code == 200
