"""Links to WriteToThem, which fill in the postcode."""

import pytest

from tests.actions.letters.conftest import HAMPSTEAD, URL, text_of


@pytest.mark.parametrize(
    ("change", "query"),
    [
        ({}, "a=westminstermp&amp;pc=NW3+7UX"),
        ({"constituency": HAMPSTEAD, "postcode": ""}, "a=westminstermp&amp;pc=NW3+7UX"),
        ({"constituency": HAMPSTEAD, "address": "Flat 2, 11 High Street, London nw37ux, England"}, "&amp;pc=NW3+7UX"),
        ({"constituency": HAMPSTEAD, "postcode": "", "address": "1 High Street"}, "?a=westminstermp&quot;"),
    ],
)
def test_writetothem_is_given_the_postcode_that_was_typed(client, letter, answers, change, query):
    page = text_of(client.post(URL, answers | change)).replace('"', "&quot;")

    assert "https://www.writetothem.com/?a=westminstermp" in page
    assert query in page
    assert "writetothem" not in text_of(client.get(URL))


def test_writetothem_is_recognised_without_www_too(client, letter, answers):
    letter.recipients.write_url = "https://writetothem.com/"
    letter.recipients.save()

    assert 'href="https://writetothem.com/?a=westminstermp&amp;pc=NW3+7UX"' in text_of(client.post(URL, answers))


def test_another_site_for_writing_to_members_is_not_given_the_postcode(client, letter, answers):
    letter.recipients.write_url = "https://write.example/?x=1"
    letter.recipients.save()
    page = text_of(client.post(URL, answers))

    assert 'href="https://write.example/?x=1"' in page
    assert "pc=" not in page
