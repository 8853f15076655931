"""Brands and their answers: `/businesses/`."""

from datetime import date

import pytest

from actions.businesses.models import Kind
from tests.actions.businesses.ledger import add
from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db


def test_a_brand_is_shown_with_its_answer_source_and_date(client, brand, ada, grace):
    SiteSettingsFactory()
    add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2026, 1, 5))

    text = client.get("/businesses/").content.decode()
    assert "Committed in full on 5 January 2026" in text
    assert "Self-declared" in text
    text = client.get("/businesses/cotton/").content.decode()
    assert "https://example.org/letters/2026-11-02" in text
    assert "5 January 2026" in text


def test_the_page_says_when_there_is_no_brand_yet(client):
    assert "No answer has been recorded yet" in client.get("/businesses/").content.decode()


@pytest.mark.parametrize("path", ["", "cotton/"])
def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, path, django_assert_max_num_queries):
    SiteSettingsFactory()
    BrandFactory(slug="cotton")
    BrandFactory.create_batch(9)
    with django_assert_max_num_queries(8):
        response = client.get(f"/businesses/{path}")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies
