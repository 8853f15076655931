"""How to get to a protest, what to bring, and how to add it to a calendar or pass it on."""

from datetime import date, time, timedelta

import pytest

from actions.protests.models import Protest
from tests.actions.factories import PlaceFactory, ScheduleFactory
from tests.actions.protests.pages.reading import PAGE, SECOND, THIRD, cancel, move, panel_of, source_of, text_of
from tests.factories import publish


def test_the_page_explains_how_to_get_there(client, weekly):
    weekly.schedules.update(
        place=PlaceFactory(
            name="The embassy",
            address="11 West Heath Road\nLondon",
            stations="Golders Green",
            step_free="From Golders Green, flat all the way",
            toilets="In the park",
        )
    )
    text = text_of(client)

    assert "Nearest stations Golders Green" in text
    assert "Step-free access From Golders Green, flat all the way" in text
    assert "Toilets In the park" in text


@pytest.mark.parametrize(
    ("place", "url"),
    [
        (
            {"latitude": "51.562912", "longitude": "-0.183215"},
            "https://www.openstreetmap.org/?mlat=51.562912&mlon=-0.183215#map=17/51.562912/-0.183215",
        ),
        ({"address": "Rue & Co\nParis"}, "https://www.openstreetmap.org/search?query=Rue+%26+Co%2C+Paris"),
    ],
    ids=["coordinates", "address"],
)
def test_the_map_is_a_plain_link_that_passes_on_no_address(client, weekly, place, url):
    weekly.schedules.update(place=PlaceFactory(**place))
    source = source_of(client)

    assert f'href="{url.replace("&", "&amp;")}" rel="noreferrer"' in " ".join(source.split())
    assert "<img" not in source.partition("<main")[2].partition("</main>")[0]


def test_each_place_of_the_next_dates_is_explained_once(client, weekly):
    move(weekly, SECOND, new_place=PlaceFactory(name="The park", stations="Park station"))
    move(weekly, THIRD, new_place=PlaceFactory(name="The hall", stations="Hall station"))
    text = text_of(client)

    assert [text.count(f"Nearest stations {name}") for name in ("Park station", "Hall station")] == [1, 1]
    assert text.count("OpenStreetMap") == 3


def test_the_place_of_a_cancelled_date_is_not_explained(client, weekly):
    hall = ScheduleFactory(protest=weekly, first_on=THIRD, place__name="The hall")
    for week in range(20):
        cancel(weekly, hall.first_on + timedelta(weeks=week))

    assert "The hall" not in text_of(client)


def test_single_dates_are_listed_and_no_rule_includes_a_cancelled_one(client, weekly):
    days = [date(2026, 12, 6), date(2026, 12, 13), date(2026, 12, 20)]
    weekly.schedules.update(repeats="dates", days=days, first_on=days[0], last_on=days[-1])
    cancel(weekly, days[1])
    text = text_of(client)

    assert "Next date Sunday 6 December 2026, 6pm to 7pm" in text
    assert text.count("13 December 2026") == text.count("20 December 2026") == 1


def test_what_to_bring_safety_notes_and_the_legal_contact_are_shown(client, weekly):
    wording = {"what_to_bring": "<ul><li>A candle</li></ul>", "safety_notes": "<p>Film nobody.</p>"}
    publish(weekly, legal_contact="Observers, 07700 900123", **wording)
    source, text = source_of(client), text_of(client)

    assert "What to bring A candle" in text
    assert "Staying safe Film nobody. Legal observers: Observers, 07700 900123" in text
    assert 'href="tel:07700900123"' in source


def test_a_new_schedule_reads_well(client, weekly):
    weekly.schedules.create(
        weekdays=[1], first_on=date(2027, 1, 5), start_time=time(19), end_time=time(20), place=PlaceFactory()
    )

    assert "Every Tuesday, 6pm to 7pm From 5 January 2027: every Tuesday, 7pm to 8pm" in text_of(client)


def test_the_page_says_that_times_in_another_zone_are_local(client, weekly):
    assert "local times" not in text_of(client)
    Protest.objects.update(timezone="America/New_York")

    assert "All times are local times where the protest is." in text_of(client)
    assert 'datetime="2026-11-24T18:00:00-05:00"' in source_of(client)
    assert "Tuesday 24 November 2026, 6pm to 7pm" in panel_of(client)


def test_visitors_can_subscribe_or_download_and_learn_the_difference(client, weekly, settings):
    settings.SITE_URL = "https://campaign.example"
    for path, calendar in ((PAGE, "/protests/weekly.ics"), ("/protests/", "/protests/calendar.ics")):
        source = source_of(client, path)

        assert f'href="webcal://campaign.example{calendar}"' in source
        assert f'href="{calendar}"' in source
        assert "Subscribing keeps your calendar up to date" in source
        assert "A downloaded file doesn’t change." in source


def test_the_page_can_be_shared_by_plain_links(client, weekly, settings):
    settings.SITE_URL = "https://campaign.example"
    source = source_of(client)

    for service in ("wa.me", "t.me", "bsky.app", "facebook.com", "mailto:"):
        assert service in source
    assert "https%3A%2F%2Fcampaign.example%2Fprotests%2Fweekly%2F" in source
    assert "If you signed" not in source
