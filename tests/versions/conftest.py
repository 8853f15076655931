"""Helpers for tests of versions."""

from copy import deepcopy

import pytest
from django.utils import timezone

from campaign.pages.models import Fact, Text
from campaign.versions.models import Version
from tests.factories import PageFactory, SiteSettingsFactory


def versions_of(row):
    return Version.objects.of(type(row), row.pk).order_by("number")


def publish_as_stored(row, edit, schema=1):
    """Publish a row with content that `edit` has changed in place, as an older release would have stored it."""
    newest = versions_of(row).last()
    content = deepcopy(newest.content)
    edit(content)
    fields = {"model": newest.model, "object_id": row.pk, "number": newest.number + 1, "title": newest.title}
    return Version.objects.create(**fields, content=content, schema=schema, live_at=timezone.now())


@pytest.fixture
def page(db):
    """Return a published page with a text and a fact."""
    SiteSettingsFactory()
    page = PageFactory(slug="statement", title="Why we act", summary="In short.", exit_link=True)
    Text.objects.create(parent=page, region="main", ordering=10, html="<p>We remember.</p>")
    Fact.objects.create(
        parent=page, region="main", ordering=20, claim="It was found.", source="HC 1", dated="1 May 2024"
    )
    page.publish()
    return page


@pytest.fixture
def shown(client, page):
    """Return a function that fetches the page, checks that it opens and returns its text."""

    def fetch():
        response = client.get(page.get_absolute_url())
        assert response.status_code == 200
        return response.content.decode()

    return fetch
