"""Fixtures for tests of the search."""

import re
from html import unescape

import pytest

from campaign.search.indexing import update_index


@pytest.fixture
def found(client, db):
    """Return a function that updates the index, searches, and returns the titles of the results."""

    def find(words, *, update=True, **more):
        if update:
            update_index()
        return titles(client.get("/search/", {"q": words, **more}))

    return find


def titles(response):
    assert response.status_code == 200
    return [unescape(one) for one in re.findall(r"<h2>\s*<a [^>]*>([^<]*)</a>", response.content.decode())]
