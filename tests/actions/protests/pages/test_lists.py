"""The list of protests, their cards on other pages, and how long caches keep pages."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from actions.protests.models import Protest
from campaign.pages.embeds import target_of
from campaign.pages.models import Embed
from tests.actions.factories import PlaceFactory, ProtestFactory
from tests.actions.protests.pages.reading import FIRST, PAGE, cancel, move, one_off, text_of
from tests.factories import PageFactory

QUERIES = 5


def test_the_list_is_in_order_of_the_next_date_and_marks_cancelled_ones(client, weekly):
    one_off("vigil", date(2026, 11, 29), title="Vigil")
    one_off("past", date(2026, 1, 4), title="Long ago")
    text = text_of(client, "/protests/")
    assert text.index("Weekly protest") < text.index("Vigil") < text.index("Long ago")

    cancel(weekly, FIRST, note="A strike")
    text = text_of(client, "/protests/")
    assert (
        text.index("Vigil Sunday 29 November 2026, 6pm to 7pm") < text.index("Weekly protest") < text.index("Long ago")
    )
    assert "Weekly protest Cancelled: Tuesday 24 November 2026, 6pm to 7pm A strike Tuesday 1 December 2026" in text
    assert "Long ago No date is planned at the moment." in text


def test_an_empty_list_says_so(client, weekly):
    Protest.objects.update(published=False)
    text = text_of(client, "/protests/")

    assert "There are no protests planned at the moment." in text
    assert "calendar" not in text


def test_a_card_in_a_page_shows_the_next_date_and_what_is_cancelled(client, weekly):
    page = PageFactory(slug="about", publish=False)
    Embed.objects.create(parent=page, region="main", ordering=10, target=target_of(weekly))
    page.publish()
    cancel(weekly, FIRST, note="A strike")
    text = text_of(client, "/about/")

    assert "Cancelled: Tuesday 24 November 2026, 6pm to 7pm A strike" in text
    assert "Tuesday 1 December 2026, 6pm to 7pm" in text


@pytest.mark.parametrize("path", [PAGE, "/protests/"])
def test_no_cache_keeps_a_page_past_the_end_of_the_date_that_it_shows(client, weekly, path, time_machine, settings):
    settings.PAGE_CACHE_SECONDS = 30
    time_machine.move_to(datetime(2026, 11, 24, 18, 59, 59, tzinfo=UTC), tick=False)
    response = client.get(path)
    assert re.search(r"s-maxage=1\b", response.headers["Cache-Control"])
    assert "24 November 2026" in response.content.decode()

    time_machine.move_to(datetime(2026, 11, 24, 19, tzinfo=UTC), tick=False)
    response = client.get(path)
    assert "s-maxage=2" in response.headers["Cache-Control"]  # so that a cancelled date shows at once
    assert "24 November 2026" not in response.content.decode()


FILES = ["/protests/weekly.ics", "/protests/calendar.ics", f"{PAGE}poster.pdf", f"{PAGE}share.png"]


@pytest.mark.parametrize("path", [PAGE, "/protests/", *FILES])
def test_caches_keep_no_second_copy_for_a_query_string(client, weekly, path):
    response = client.get(path, {"day": "2026-11-24"})

    assert (response.status_code, response["Location"]) == (301, path)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", [PAGE, "/protests/"])
def test_the_number_of_queries_does_not_grow(client, weekly, path, django_assert_num_queries):
    client.get(path)
    with django_assert_num_queries(QUERIES):
        client.get(path)
    for number in range(5):
        other = ProtestFactory()
        for series in (other, weekly):
            move(series, FIRST + timedelta(weeks=number), new_place=PlaceFactory())

    with django_assert_num_queries(QUERIES):
        response = client.get(path)
    assert not response.cookies
