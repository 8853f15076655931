"""Null characters, which PostgreSQL can't store."""

import pytest

from tests.accounts.organisers import sign_in
from tests.actions.factories import OwnLetterFactory
from tests.factories import PledgeFactory, SiteSettingsFactory

PATHS = [
    "/?a=%00",
    "/%00",
    "/%00/",
    "/pledges/stop/signatories/?before=%00",
    "/pledges/confirm/%00/",
    "/letters/act/?constituency=%00",
    "/letters/act/?%00",
    "/letters/act/download.%00",
    "/donate/?fund=a%00b",
    "/static/%00",
    "/accounts/login/?next=%00",
    "/admin/pledges/signature/?state__exact=%00",
    "/admin/pledges/signature/%00/change/",
]


@pytest.fixture
def site(db):
    SiteSettingsFactory()
    PledgeFactory(slug="stop")
    OwnLetterFactory(slug="act")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_null_character_in_a_url_gets_status_400(client, site, method, path):
    assert getattr(client, method)(path).status_code == 400


def test_the_error_page_says_what_to_do_and_has_the_usual_headers(client, site):
    response = client.get("/letters/act/?constituency=%00")

    assert "could not read your request" in response.content.decode()
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not response.cookies


@pytest.mark.parametrize("path", ["/", "/admin/", "/accounts/2fa/"])
def test_a_null_character_in_a_cookie_gets_status_400(client, site, path):
    assert client.get(path, headers={"Cookie": 'sessionid="\\000aaaaaaaaaaaaaaaa"'}).status_code == 400


def test_text_that_only_looks_like_a_null_character_is_accepted(client, site):
    assert client.get("/?a=%2500&b=\\0").status_code == 200


@pytest.mark.parametrize(
    "query", ["", "?constituency=zzz", "?constituency=" + "E" * 500, "?constituency=E14001265&x=%ff"]
)
def test_an_unknown_constituency_in_a_url_is_ignored(client, site, query):
    assert client.get(f"/letters/act/{query}").status_code == 200


def test_a_null_character_in_a_form_is_refused_beside_the_field(client, site):
    page = client.post("/pledges/stop/", {"name": "Ruth\0", "email": "a@example.org"}).content.decode()

    assert "Null characters are not allowed." in page


def test_a_null_character_in_the_charity_of_a_claim_finds_nothing_to_claim(client, site):
    sign_in(client)

    assert client.post("/admin/fundraising/claim/make/", {"charity": "a\0b"}).status_code == 302
