"""`/letters/find-your-mp/`."""

import pytest

from campaign.places.models import Sector
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD

URL = "/letters/find-your-mp/"


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_postcode_leads_to_the_mp_and_to_the_letters(client, letter):
    found = page(client.post(URL, {"postcode": "nw37ux"}))

    assert "Hampstead and Highgate" in found
    assert "Ms Jane Doe MP" in found
    assert f'href="/letters/act/?constituency={HAMPSTEAD}"' in found


def test_the_list_leads_there_too(client, letter):
    assert "Ms Jane Doe" in page(client.post(URL, {"constituency": HAMPSTEAD}))


@pytest.mark.parametrize("postcode", ["", "x", "SW1A 1AA", "NW3 7UY", "NW3 7UZ", "NW3 7U\0"])
def test_what_is_not_certain_is_not_guessed(client, letter, postcode):
    found = page(client.post(URL, {"postcode": postcode}))

    assert "There is a problem" in found
    assert "Ms Jane Doe" not in found
    assert found.count("<option") == 651


def test_a_vacant_seat_is_said_to_be_vacant(client, letter):
    assert "The seat is vacant" in page(client.post(URL, {"constituency": ALDERSHOT}))


def test_without_a_list_of_mps_the_page_says_where_to_look(client, letter):
    letter.recipients.members.all().delete()

    assert "members.parliament.uk" in page(client.post(URL, {"constituency": HAMPSTEAD}))


def test_the_postcode_is_in_no_address_and_no_log(client, letter, caplog):
    assert "NW3" not in page(client.get(URL, {"postcode": "NW3 7UX"})).replace("NW3 7UX, ", "")
    client.post(URL, {"postcode": "NW3 7UX"})

    assert "NW3" not in caplog.text


def test_the_empty_page_may_be_cached_and_an_answer_may_not(client, letter, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        empty = client.get(URL)
    assert "public" in empty.headers["Cache-Control"]
    assert "no-store" in client.post(URL, {"postcode": "NW3 7UX"}).headers["Cache-Control"]
    assert not empty.cookies


def test_before_postcodes_are_loaded_only_the_list_is_offered(client, letter):
    Sector.objects.all().delete()
    found = page(client.get(URL))

    assert "Your postcode" not in found
    assert found.count("<option") == 651
    assert "Choose your constituency from the list" in page(client.post(URL, {"postcode": "NW3 7UX"}))
    assert "Your postcode" not in page(client.get("/letters/act/"))
