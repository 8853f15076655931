"""What the tests of sign-in share."""

import pytest

from tests.accounts.organisers import make_organiser


@pytest.fixture
def ada(db):
    """An organiser with a password, without a second factor."""
    return make_organiser()
