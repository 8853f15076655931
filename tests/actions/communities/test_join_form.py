"""The form with which a community joins: its questions, what it refuses, and how it finds the region."""

import re
import time

import pytest
import time_machine

from actions.communities.models import Community
from campaign.forms.guard import make_stamp
from campaign.places.models import Constituency
from tests.actions.communities.conftest import LISTED, join
from tests.factories import make_sector

pytestmark = pytest.mark.django_db


def test_counted_only_is_the_default_and_the_warning_is_beside_the_choice(client):
    text = client.get("/community/join/").content.decode()

    assert re.search(r'value="count"[^>]*checked|checked[^>]*value="count"', text)
    assert "A building can be a target too" in text


def test_a_name_is_shown_exactly_as_typed_before_it_is_stored(client):
    response = join(client, visibility="listed")

    text = response.content.decode()
    assert "anyone in any country will be able to see this name" in text
    assert not Community.objects.exists()
    assert 'value="Example Street Synagogue"' in text
    join(client, **LISTED)
    assert Community.objects.get().visibility == "listed"
    assert Community.objects.get().public_name == ""


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": ""}, "Choose the kind of community"),
        ({"kind": "army"}, "Select a valid choice"),
        ({"name": ""}, "Enter the name of your community"),
        ({"name": "https://example.org"}, "without a web address"),
        ({"name": "\u202e\u200b"}, "Enter the name of your community"),
        ({"name": "x" * 101}, "at most 100"),
        ({"region": ""}, "Choose your region"),
        ({"region": "mars"}, "Select a valid choice"),
        ({"region": "", "postcode": "nowhere"}, "choose a region"),
        ({"contact_name": ""}, "Enter your full name"),
        ({"contact_role": ""}, "Enter your role"),
        ({"email": "ruth"}, "mail"),
        ({"email": "a\0b@example.org"}, ""),
        ({"agree": ""}, "Tick the box"),
        ({"visibility": "loud"}, "Select a valid choice"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"stamp": "forged", "kind": ""}, "Choose the kind"),
    ],
)
def test_invalid_answers_get_an_error_and_nothing_is_lost(client, changes, error):
    response = join(client, **changes)

    text = response.content.decode()
    assert response.status_code == 200
    assert error in text
    if "contact_name" not in changes:
        assert 'value="Ruth Example"' in text
    assert not Community.objects.exists()
    assert not response.cookies


def test_a_form_sent_at_once_is_shown_again(client):
    with time_machine.travel("2026-11-26 12:00:01Z", tick=False):
        response = join(client, stamp=make_stamp(time.time()))
    assert "That was very quick" in response.content.decode()


def test_a_mistyped_address_is_questioned_once(client):
    response = join(client, email="ruth@gmial.com")
    assert "Did you mean" in response.content.decode()
    join(client, email="ruth@gmial.com", email_choice="ruth@gmail.com")
    assert Community.objects.get().email == "ruth@gmail.com"


def test_other_sites_cannot_post_the_form(client):
    response = client.post("/community/join/", {}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_a_postcode_gives_the_region_and_only_its_first_half_is_kept(client):
    Constituency.objects.create(code="W07000081", name="Cardiff East", nation="W")
    make_sector("CF10 1", AA="W07000081")
    join(client, region="", postcode="cf101aa")

    row = Community.objects.get()
    assert (row.region, row.outward_code) == ("wales", "CF10")


def test_an_english_postcode_gives_the_region_of_its_constituency(client):
    Constituency.objects.create(code="E14001265", name="Hampstead", nation="E", region="London")
    make_sector("NW3 7", UX="E14001265")
    join(client, region="", postcode="NW3 7UX")

    assert Community.objects.get().region == "london"


@pytest.mark.parametrize(("postcode", "region"), [("EH1 1AA", "scotland"), ("BT1 1AA", "northern-ireland")])
def test_without_our_tables_a_postcode_area_gives_the_nation(client, postcode, region):
    join(client, region="", postcode=postcode)

    assert Community.objects.get().region == region
