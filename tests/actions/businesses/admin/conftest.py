"""Fixtures for tests of brands in the admin: two organisers who may do everything, the first of them signed in."""

import pytest

from tests.accounts.organisers import begin_session, make_established


@pytest.fixture
def ada(client):
    return begin_session(client, make_established("ada", is_superuser=True))


@pytest.fixture
def grace(db):
    return make_established("grace", is_superuser=True)
