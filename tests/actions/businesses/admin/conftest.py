"""Fixtures for tests of brands in the admin."""

import pytest

from tests.accounts.organisers import begin_session


@pytest.fixture
def ada(client, ada):
    """Sign in the first organiser."""
    return begin_session(client, ada)
