"""Fixtures for tests of mailings in the admin: two organisers, and people who asked for news."""

import pytest
from django.test import Client

from tests.accounts.organisers import begin_session, make_established, sign_in
from tests.factories import PledgeFactory, SignatureFactory
from tests.mailings.drafts import make_site


@pytest.fixture
def site(db):
    return make_site()


@pytest.fixture
def ruth(client, site):
    """Sign in the organiser who writes the mailings."""
    return sign_in(client, username="ruth")


@pytest.fixture
def second(site):
    """Return the signed-in client of a second organiser, who may approve."""
    browser = Client()
    begin_session(browser, make_established("grace"))
    return browser


@pytest.fixture
def signers(site):
    """Create three signers who asked for news, and one who didn't."""
    pledge = PledgeFactory()
    for name in ("a", "b", "c"):
        SignatureFactory(pledge=pledge, confirmed=True, updates=True, email=f"{name}@example.org")
    SignatureFactory(pledge=pledge, confirmed=True, email="d@example.org")
    return pledge
