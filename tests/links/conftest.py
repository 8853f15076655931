"""Fixtures for tests of links."""

import pytest

from tests.accounts.organisers import sign_in
from tests.factories import SiteSettingsFactory


@pytest.fixture
def organiser(client, db):
    """Return a signed-in client, on a site that has its settings."""
    SiteSettingsFactory(name="A campaign")
    client.organiser = sign_in(client)
    return client
