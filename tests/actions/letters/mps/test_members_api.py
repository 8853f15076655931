"""Look-ups of a constituency's member in Parliament's Members API."""

import json

import pytest
from django.core.cache import cache

from actions.letters.members_api import member
from campaign.places.models import Constituency
from tests.actions.factories import BodyFactory, RecipientFactory
from tests.actions.letters.conftest import HAMPSTEAD
from tests.remote import serving

SEAT = {
    "name": "Hampstead and Highgate",
    "currentRepresentation": {"member": {"value": {"nameDisplayAs": "Ms Jane Doe", "nameAddressAs": "Ms Doe"}}},
}
SIMILAR = {"name": "Hampstead and Kilburn", "currentRepresentation": None}


@pytest.fixture
def constituency(places):
    return Constituency.objects.get(pk=HAMPSTEAD)


@pytest.fixture
def parliament(settings):
    cache.clear()
    with serving() as (server, address):
        settings.LIVE_LOOKUPS, settings.MEMBERS_API = True, address
        server.body = json.dumps({"items": [{"value": SIMILAR}, {"value": SEAT}]}).encode()
        yield server
    cache.clear()


def test_the_member_for_exactly_this_constituency_is_requested_once(constituency, parliament):
    body = BodyFactory()
    for _ in range(2):
        found = member(body, constituency)
        assert (found.display_name, found.dear) == ("Ms Jane Doe", "Ms Doe")

    assert len(parliament.paths) == 1
    assert "Hampstead%20and%20Highgate" in parliament.paths[0]


def test_it_is_off_by_default(constituency, parliament, settings):
    settings.LIVE_LOOKUPS = False

    assert member(BodyFactory(), constituency) is None
    assert parliament.paths == []


def test_our_own_list_is_trusted_even_about_vacant_seats(constituency, parliament):
    other = RecipientFactory(area_code="E14001063")

    assert member(other.body, constituency) is None
    assert parliament.paths == []


@pytest.mark.parametrize(
    "items", [[], [{"value": SIMILAR}], [{}], None, [{"value": SEAT | {"currentRepresentation": {}}}]]
)
def test_a_member_is_not_guessed(constituency, parliament, items):
    parliament.body = json.dumps({"items": items}).encode()

    assert member(BodyFactory(), constituency) is None
