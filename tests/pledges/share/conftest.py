"""Fixtures and helpers for tests of sharing."""

import pytest

from pledges.models import PublishedCount

HEBREW = "עוצרים את רצח העם של האויגורים"


@pytest.fixture
def get(client, pledge):
    """Request a path under the pledge's URL; return the response."""

    def request(path, **headers):
        return client.get(f"{pledge.get_absolute_url()}{path}", headers=headers)

    return request


def set_count(pledge, count):
    PublishedCount.objects.update_or_create(pledge=pledge, defaults={"count": count})
