"""Fixtures for tests of updates of public data."""

import pytest

from actions.letters import parliament
from campaign.management.commands.load_campaign import CONTENT, load_constituencies
from campaign.network import patience
from campaign.places import postcode_files
from campaign.places.models import Constituency
from tests.actions.factories import BodyFactory
from tests.certificates import certificate, trust
from tests.public_data.standin import members, postcodes, serving, zipped


@pytest.fixture(scope="session")
def own_certificate(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate") / "server.pem")


@pytest.fixture
def server(db, own_certificate, monkeypatch, settings):
    """Serve small data for the 650 constituencies, without the pauses between requests."""
    load_constituencies(CONTENT / "places" / "constituencies.csv")
    BodyFactory()
    trust(monkeypatch, own_certificate)
    monkeypatch.setattr(postcode_files, "MIN_ROWS", 1000)
    monkeypatch.setattr(parliament, "PAUSE", 0)
    monkeypatch.setattr(patience, "WAIT", 0)
    with serving(own_certificate) as portal:
        settings.ARCGIS = settings.MEMBERS_API = portal.url
        settings.ARCGIS_HOSTS = (portal.netloc,)
        portal.file = zipped(postcodes())
        yield portal


@pytest.fixture
def few_seats(server):
    """Leave 45 constituencies, so that their members are fetched in a second."""
    kept = Constituency.objects.order_by("pk")[:45].values("pk")
    Constituency.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    server.members = members(45)
    return server
