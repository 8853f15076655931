"""Fixtures for tests of the editor."""

import pytest
from django.test import Client

from tests.accounts.organisers import sign_in
from tests.factories import SiteSettingsFactory


@pytest.fixture
def organiser(client, db):
    """Return a signed-in client."""
    SiteSettingsFactory()
    client.organiser = sign_in(client)
    return client


@pytest.fixture
def colleague(organiser):
    """Return the signed-in client of another organiser."""
    other = Client()
    other.organiser = sign_in(other, username="ruth", first_name="Ruth", last_name="Feldman")
    return other
