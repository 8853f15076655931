"""Finding one's MP: `/letters/find-your-mp/`."""

import pytest

from campaign.places.models import Sector
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD

URL = "/letters/find-your-mp/"


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def test_a_postcode_leads_to_the_mp_and_the_letters(client, letter):
    text = page(client.post(URL, {"postcode": "nw37ux"}))

    assert "Hampstead and Highgate" in text
    assert "Ms Jane Doe MP" in text
    assert "A few postcodes cross a boundary" in text
    assert f'href="/letters/act/?constituency={HAMPSTEAD}"' in text


def test_the_list_of_constituencies_leads_to_the_mp(client, letter):
    text = page(client.post(URL, {"constituency": HAMPSTEAD}))

    assert "Ms Jane Doe" in text
    assert "A few postcodes cross a boundary" not in text


@pytest.mark.parametrize("postcode", ["", "x", "SW1A 1AA", "NW3 7UY", "NW3 7UZ", "NW3 7U\0"])
def test_an_uncertain_postcode_is_not_guessed(client, letter, postcode):
    text = page(client.post(URL, {"postcode": postcode}))

    assert "There is a problem" in text
    assert "Ms Jane Doe" not in text
    assert text.count("<option") == 651


def test_a_vacant_seat_is_shown_as_vacant(client, letter):
    assert "The seat is vacant" in page(client.post(URL, {"constituency": ALDERSHOT}))


def test_without_a_list_of_mps_the_page_links_to_parliaments(client, letter):
    letter.recipients.members.all().delete()

    assert "members.parliament.uk" in page(client.post(URL, {"constituency": HAMPSTEAD}))


def test_the_postcode_is_neither_in_a_url_nor_logged(client, letter, caplog):
    assert "NW3" not in page(client.get(URL, {"postcode": "NW3 7UX"})).replace("NW3 7UX, ", "")
    client.post(URL, {"postcode": "NW3 7UX"})

    assert "NW3" not in caplog.text


def test_the_empty_page_is_cacheable_and_an_answer_is_not(client, letter, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        empty = client.get(URL)
    assert "public" in empty.headers["Cache-Control"]
    assert "no-store" in client.post(URL, {"postcode": "NW3 7UX"}).headers["Cache-Control"]
    assert not empty.cookies


def test_without_postcodes_only_the_list_is_offered(client, letter):
    Sector.objects.all().delete()
    text = page(client.get(URL))

    assert "Your postcode" not in text
    assert text.count("<option") == 651
    assert "Choose your constituency from the list" in page(client.post(URL, {"postcode": "NW3 7UX"}))
    assert "Your postcode" not in page(client.get("/letters/act/"))
