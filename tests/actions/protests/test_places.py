"""Places of protests in the admin."""

import pytest
from django.urls import reverse

from actions.protests.models import Place
from tests.accounts.organisers import sign_in
from tests.actions.factories import ProtestFactory
from tests.editing.filled_in import filled_in
from tests.factories import SiteSettingsFactory


@pytest.fixture
def organiser(client, db):
    SiteSettingsFactory()
    return sign_in(client)


@pytest.fixture
def protest(organiser):
    return ProtestFactory(slug="weekly")


def test_a_place_is_added_in_a_pop_up_window(client, organiser):
    url = reverse("admin:protests_place_add") + "?_popup=1"
    response = client.post(url, filled_in(client.get(url), name="The square", address="Trafalgar Square\nLondon"))

    assert "data-popup-response" in response.content.decode()
    assert Place.objects.get().country == "GB-ENG"


def test_a_place_in_use_is_not_deleted(client, protest):
    response = client.post(reverse("admin:protests_place_delete", args=[protest.place.pk]), {"post": "yes"})

    assert response.status_code in (200, 403)
    assert Place.objects.exists()


def test_a_place_needs_both_coordinates_or_neither(client, protest):
    url = reverse("admin:protests_place_change", args=[protest.place.pk])
    response = client.post(url, filled_in(client.get(url), latitude="51.5"))

    assert "Enter both the latitude and the longitude, or neither." in response.content.decode()


def test_the_map_shows_the_place_or_looks_for_its_address():
    place = Place(name="The embassy", address="11 West Heath Road\nLondon")
    assert place.map_url == "https://www.openstreetmap.org/search?query=11+West+Heath+Road%2C+London"

    place.latitude, place.longitude = "51.562912", "-0.183215"
    assert place.map_url.endswith("?mlat=51.562912&mlon=-0.183215#map=17/51.562912/-0.183215")
