"""Fixtures for tests of the audit log."""

import pytest

from tests.accounts.organisers import make_established, sign_in


@pytest.fixture
def organiser(client, db):
    """Return a signed-in organiser with every permission."""
    return sign_in(client, username="ada")


@pytest.fixture
def grace(db):
    """Return a second organiser, who may approve."""
    return make_established("grace")
