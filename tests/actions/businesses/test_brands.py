"""Brands and their answers: `/businesses/`."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db
ANSWER = {"status": "committed", "source_url": "https://example.org/promise", "as_of": "2026-01-05"}


def test_a_brand_is_shown_with_its_answer_source_and_date(client):
    SiteSettingsFactory()
    BrandFactory(slug="cotton", **ANSWER)

    assert "Committed" in client.get("/businesses/").content.decode()
    text = client.get("/businesses/cotton/").content.decode()
    assert "https://example.org/promise" in text
    assert "5 January 2026" in text


def test_the_page_says_when_there_is_no_brand_yet(client):
    assert "No answer has been recorded yet" in client.get("/businesses/").content.decode()


@pytest.mark.parametrize("missing", ["source_url", "as_of"])
def test_an_answer_without_source_or_date_is_refused(missing):
    brand = BrandFactory.build(**ANSWER | {missing: None if missing == "as_of" else ""})

    with pytest.raises(ValidationError, match="source"):
        brand.full_clean()
    with pytest.raises(IntegrityError):
        brand.save()


@pytest.mark.parametrize("path", ["", "cotton/"])
def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, path, django_assert_max_num_queries):
    SiteSettingsFactory()
    BrandFactory(slug="cotton")
    BrandFactory.create_batch(9)
    with django_assert_max_num_queries(4):
        response = client.get(f"/businesses/{path}")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies
