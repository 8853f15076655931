"""The sources of our data: `/data-notes/`, and the admin."""

from campaign.places.models import Edition
from tests.accounts.organisers import sign_in


def test_each_dataset_is_listed_with_its_licence_and_checksum(client, constituencies, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        response = client.get("/data-notes/")

    page = response.content.decode()
    assert "Open Government Licence" in page
    assert Edition.objects.get().sha256 in page
    assert Edition.objects.get().edition in page
    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]


def test_the_page_says_when_no_data_is_loaded(client, db):
    assert "No public data" in client.get("/data-notes/").content.decode()


def test_organisers_can_view_but_not_add_places(client, constituencies):
    sign_in(client)
    for path in ("constituency", "edition"):
        assert client.get(f"/admin/places/{path}/").status_code == 200
        assert client.get(f"/admin/places/{path}/add/").status_code == 403


def test_the_page_says_who_else_receives_a_postcode(client, db, settings):
    assert "Nobody else learns your postcode" in client.get("/data-notes/").content.decode()

    settings.LIVE_LOOKUPS = True
    page = client.get("/data-notes/").content.decode()
    assert "Nobody else" not in page
    assert "postcodes.io" in page
