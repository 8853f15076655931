"""Fixtures and helpers for tests of pages."""

import re

import pytest
from django.urls import reverse

from tests.accounts.organisers import sign_in
from tests.editing.filled_in import begun_with
from tests.factories import SiteSettingsFactory

EMPTY = {
    f"pages_{block}_set-{name}": "0"
    for block in (
        *("text", "pictureblock", "gallerypicture", "videolink", "quotation", "columns", "question", "fact", "figure"),
        *("download", "action", "embed"),
    )
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def organiser(client, db):
    """Return a signed-in client."""
    client.organiser = sign_in(client)
    return client


@pytest.fixture
def site(db):
    return SiteSettingsFactory(name="A campaign")


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def answers(page, **changes):
    """Return the data that the form of a page without blocks posts."""
    begun = begun_with(page)
    fields = {"title": page.title, "slug": page.slug, "language": "en-gb", "published": "on"}
    return EMPTY | begun | fields | changes


def change_of(page):
    return reverse("admin:pages_page_change", args=[page.pk])


SIMPLE = re.compile(r"(?P<tag>\w+)?(?:\.(?P<cls>[\w-]+))?(?:#(?P<id>[\w-]+))?")


def select(element, selector):
    """Return the descendants that match a selector of tags, classes and ids, such as "figure.fact a"."""
    path = ""
    for part in selector.split():
        found = SIMPLE.fullmatch(part)
        path += f"//{found['tag'] or '*'}"
        path += f"[contains(concat(' ', @class, ' '), ' {found['cls']} ')]" if found["cls"] else ""
        path += f"[@id='{found['id']}']" if found["id"] else ""
    return element.xpath(f".{path}")
