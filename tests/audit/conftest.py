"""Fixtures for tests of the audit log."""

import pytest

from tests.accounts.organisers import make_established, sign_in


@pytest.fixture
def organiser(client, db):
    """Return an organiser with every permission, who is signed in."""
    return sign_in(client, username="ada")


@pytest.fixture
def grace(db):
    """Return a second organiser, who may approve."""
    return make_established("grace")
