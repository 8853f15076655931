"""Giving: `/donate/` and `/go/<slug>/`."""

import pytest
from django.core.exceptions import ValidationError

from tests.actions.factories import AppealFactory
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db


def test_the_page_leads_to_the_appeal_by_an_address_of_ours(client):
    SiteSettingsFactory()
    AppealFactory(slug="stop")
    text = client.get("/donate/").content.decode()

    assert 'href="/go/stop/"' in text
    assert "Give on GoFundMe" in text


def test_our_address_leads_to_the_stored_link_and_nowhere_else(client):
    AppealFactory(slug="stop")
    response = client.get("/go/stop/", {"next": "https://evil.example", "url": "https://evil.example"})

    assert response.status_code == 302
    assert response.headers["Location"] == "https://www.gofundme.com/f/something"
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert client.get("/go/other/").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://www.gofundme.com/f/x",
        "https://evil.example/gofundme.com",
        "https://gofundme.com.evil.example/",
        "https://gofundme.com@evil.example/",
        "javascript:alert(1)",
    ],
)
def test_a_link_to_anywhere_else_is_refused(url):
    with pytest.raises(ValidationError):
        AppealFactory.build(url=url).full_clean()


def test_the_page_is_cheap_sets_no_cookie_and_may_be_cached(client, django_assert_max_num_queries):
    SiteSettingsFactory()
    AppealFactory.create_batch(5)
    with django_assert_max_num_queries(3):
        response = client.get("/donate/")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies
