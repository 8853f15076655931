"""Fixtures for tests of brands and their ledger."""

import pytest

from tests.accounts.organisers import make_established
from tests.actions.factories import BrandFactory


@pytest.fixture
def ada(db):
    return make_established("ada")


@pytest.fixture
def grace(db):
    return make_established("grace")


@pytest.fixture
def brand(db):
    return BrandFactory(slug="cotton", contact="press@cotton.example", domains="cotton.example")
