"""Fixtures for tests of the panic switch."""

import pytest
from django.utils import timezone

from campaign.public_names.models import Hiding
from pledges.counting.publishing import publish_counts
from tests.accounts.organisers import make_established, sign_in
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory


@pytest.fixture
def organiser(client, db):
    """Return a signed-in organiser with every permission."""
    return sign_in(client, username="ada")


@pytest.fixture
def grace(db):
    """Return a second organiser, who may approve."""
    return make_established("grace")


@pytest.fixture
def pledge(db):
    """Return the pledge on the home page, with one person and one organisation in its public lists."""
    SiteSettingsFactory()
    pledge = PledgeFactory(on_home_page=True)
    SignatureFactory(pledge=pledge, public=True, name="Ruth Feldman", public_town="Hexham")
    values = {"kind": "organisation", "organisation": "Tekoa Choir", "approved": True}
    SignatureFactory(pledge=pledge, public=True, public_name="Tekoa Choir", **values)
    publish_counts()
    return pledge


@pytest.fixture
def hide(grace):
    """Return a function that hides all names."""
    return lambda: Hiding.begin(grace, Hiding.Reason.DANGER, timezone.now())
