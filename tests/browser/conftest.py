"""Fixtures for tests of the admin in a browser."""

import pytest

from campaign.pages.models import Fact, Text
from tests.accounts.organisers import sign_in_by_hand
from tests.factories import PageFactory, SiteSettingsFactory


@pytest.fixture
def statement(transactional_db):
    """Return a page of three blocks, on a site that has its settings."""
    SiteSettingsFactory(name="A campaign", about_html='<p>See <a href="/gone/">a broken link</a> too.</p>')
    page = PageFactory(title="Our statement", slug="statement", publish=False)
    Text.objects.create(parent=page, region="main", ordering=10, html="<p>Old words.</p>")
    Fact.objects.create(
        parent=page,
        region="main",
        ordering=20,
        claim="It is so.",
        source="Them",
        dated="2026",
        url="https://example.org/report-2026",
    )
    Text.objects.create(parent=page, region="main", ordering=30, html="<p>Last words.</p>")
    page.publish()
    return page


@pytest.fixture
def organiser(statement, page, live_server):
    """Sign an organiser in with both factors; return the browser's page."""
    return sign_in_by_hand(page, live_server.url)
