"""Tags in links, and in the addresses of requests."""

import pytest
from django.test import RequestFactory

from campaign.tags.links import slug_in, tagged
from campaign.tags.models import Tag

TAG = Tag(name="Leaflet, Leeds", slug="leeds-leaflet")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/", "/?via=leeds-leaflet"),
        ("/pledges/a/#demands", "/pledges/a/?via=leeds-leaflet#demands"),
        ("/businesses/?q=a%20b&q=c&empty=", "/businesses/?q=a%20b&q=c&empty=&via=leeds-leaflet"),
        ("/pledges/a/?via=old&day=2026-01-01", "/pledges/a/?day=2026-01-01&via=leeds-leaflet"),
        ("http://testserver/pledges/a/", "http://testserver/pledges/a/?via=leeds-leaflet"),
        ("http://TESTSERVER/", "http://TESTSERVER/?via=leeds-leaflet"),
    ],
)
def test_links_to_our_own_pages_get_the_tag(url, expected, settings):
    settings.SITE_URL = "http://testserver"

    assert tagged(url, TAG) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/?via=theirs",
        "//example.org/",
        "http://testserver.example.org/",
        "mailto:help@example.org",
        "#demands",
        "",
        "http://[bad/",
    ],
)
def test_other_links_stay_unchanged(url, settings):
    settings.SITE_URL = "http://testserver"

    assert tagged(url, TAG) == url


def test_without_a_tag_a_link_stays_unchanged():
    assert tagged("/pledges/a/?via=old", None) == "/pledges/a/?via=old"


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("via=leeds-leaflet", "leeds-leaflet"),
        ("via=Leeds-Leaflet", "leeds-leaflet"),
        ("via=old&via=new", "new"),
        ("", ""),
        ("via=", ""),
        ("via=-leeds", ""),
        ("via=leeds%20leaflet", ""),
        ("via=leeds%0A", ""),
        ("via=%FF%FE", ""),
        ("via=" + "a" * 51, ""),
        ("via=" + "a" * 100_000, ""),
        ("via=%D9%A3", ""),
    ],
)
def test_only_possible_slugs_are_read_from_a_request(query, slug):
    assert slug_in(RequestFactory().get(f"/?{query}")) == slug
