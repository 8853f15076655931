"""Fixtures for tests of signing in."""

import pytest

from tests.accounts.organisers import make_organiser


@pytest.fixture
def ada(db):
    """Return an organiser with a password and no second factor."""
    return make_organiser()
