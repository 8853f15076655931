"""Where letters were sent from: `/letters/<slug>/areas/`. Counts move in steps, and small ones are suppressed."""

from datetime import UTC, datetime

import pytest

from actions.letters.models import SentCount
from campaign.periodic import run_steps
from campaign.places.models import Constituency
from tests.actions.factories import LetterFactory

LEEDS, YORK, CARDIFF = "E14001337", "E14001612", "W07000093"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def letter(db):
    for code, name, nation, region in (
        (LEEDS, "Leeds South", "E", "Yorkshire and The Humber"),
        (YORK, "York Central", "E", "Yorkshire and The Humber"),
        (CARDIFF, "Cardiff West", "W", ""),
    ):
        Constituency.objects.create(code=code, name=name, nation=nation, region=region)
    return LetterFactory()


def send(letter, **counts):
    for code, count in counts.items():
        row, _new = SentCount.objects.get_or_create(letter=letter, area_code=code)
        row.count += count
        row.save()


def page_of(client, letter, path="areas/"):
    return " ".join(client.get(f"{letter.get_absolute_url()}{path}").content.decode().split())


def test_the_page_shows_a_map_and_a_table_and_says_that_people_reported_the_numbers(
    client, letter, django_assert_max_num_queries
):
    send(letter, **{LEEDS: 24, YORK: 37, CARDIFF: 12})
    run_steps(NOW)
    with django_assert_max_num_queries(5):
        response = client.get(f"{letter.get_absolute_url()}areas/")

    page = " ".join(response.content.decode().split())
    assert "a map of 3 constituencies, of which 3 have a number. The highest is York Central, with 30." in page
    assert '<th scope="row">Leeds South</th> <td>20</td>' in page
    assert "we don’t check" in page.replace("&#x27;", "’")
    assert page.index("Leeds South") < page.index('row">York Central')
    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]


def test_the_table_can_be_sorted_by_number(client, letter):
    send(letter, **{LEEDS: 24, YORK: 37, CARDIFF: 12})
    run_steps(NOW)
    table = page_of(client, letter, "areas/largest/").split('<section id="constituencies"')[1]

    assert table.index("York Central") < table.index("Leeds South") < table.index("Cardiff West")
    assert f'href="{letter.get_absolute_url()}areas/#constituencies"' in table


def test_small_counts_are_neither_in_the_table_nor_on_the_map(client, letter):
    send(letter, **{LEEDS: 24, YORK: 9, CARDIFF: 12})
    run_steps(NOW)
    page = page_of(client, letter)

    assert "York Central" not in page
    assert "Leeds South" not in page  # the count of its region would reveal York's
    assert "Only 1 has a number" in page


def test_counts_by_area_move_only_after_ten_more_people_have_sent_the_letter(client, letter):
    send(letter, **{LEEDS: 19, YORK: 30, CARDIFF: 20})
    run_steps(NOW)
    before = page_of(client, letter)
    send(letter, **{LEEDS: 1, CARDIFF: 8})
    run_steps(NOW)
    assert page_of(client, letter) == before

    send(letter, **{"": 1})
    run_steps(NOW)
    assert '<th scope="row">Leeds South</th> <td>20</td>' in page_of(client, letter)


def test_each_letter_publishes_its_counts_independently(letter):
    other = LetterFactory()
    send(letter, **{LEEDS: 9})
    send(other, **{LEEDS: 10})
    run_steps(NOW)

    assert letter.sent.get().published == 0
    assert other.sent.get().published == 10


def test_the_page_says_if_too_few_letters_have_been_sent(client, letter):
    send(letter, **{LEEDS: 9})
    run_steps(NOW)

    assert "too few letters" in page_of(client, letter)
    assert "<figure" not in page_of(client, letter)


def test_the_letter_links_to_the_page_once_its_count_is_shown(client, letter):
    url = f"{letter.get_absolute_url()}areas/"
    assert url not in page_of(client, letter, "")
    send(letter, **{LEEDS: 10})
    assert url in page_of(client, letter, "")
    assert url in page_of(client, letter, "sent/")


def test_a_draft_letter_has_no_page_of_counts_by_area(client, letter):
    assert client.get(f"{LetterFactory(publish=False).get_absolute_url()}areas/").status_code == 404
