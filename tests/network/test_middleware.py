"""The security headers of every response."""

import pytest

from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory


@pytest.fixture
def site(db):
    SiteSettingsFactory()
    PageFactory(slug="statement")
    PledgeFactory(slug="stop")


ADDRESSES = ["/", "/statement/", "/pledges/stop/", "/pledges/stop/signatories/", "/donate/", "/none/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_policy_allows_nothing_unsafe_and_no_other_site(client, site, address):
    policy = client.get(address).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_public_page_sets_a_cookie(client, site, address):
    assert not client.get(address).cookies


def test_a_page_over_https_asks_browsers_to_keep_using_https(client, site):
    response = client.get("/", secure=True)

    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
