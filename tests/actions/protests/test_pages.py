"""The public pages of protests: what people who want to come see first, and what search engines read."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest

from actions.protests.models import Protest, ProtestChange
from campaign.pages.embeds import target_of
from campaign.pages.models import Embed
from tests.actions.factories import PlaceFactory, ProtestFactory, ScheduleFactory
from tests.factories import PageFactory, SiteSettingsFactory, publish

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
FIRST, SECOND, THIRD = date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8)
PAGE = "/protests/weekly/"
QUERIES = 5


@pytest.fixture
def protest(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory(name="A campaign")
    return ProtestFactory(slug="weekly", title="Weekly protest")


def one_off(slug, day, **fields):
    """Return a protest on a single day."""
    schedule = {"repeats": "dates", "days": [day], "first_on": day, "last_on": day, "weekdays": []}
    return ProtestFactory(slug=slug, **{f"schedule__{name}": value for name, value in schedule.items()}, **fields)


def source_of(client, path=PAGE):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def text_of(client, path=PAGE, part="main"):
    """Return what an element of a page says, without markup."""
    element = re.search(rf"<{part}\b.*?</{part}>", source_of(client, path), re.DOTALL)[0]
    return re.sub(r" (?=[,.:;])", "", " ".join(unescape(re.sub(r"<[^>]+>", " ", element)).split()))


def panel_of(client, path=PAGE):
    """Return what the panel with the next date says."""
    panel = re.search(r'<section class="panel".*?</section>', source_of(client, path), re.DOTALL)[0]
    return re.sub(r" (?=[,.:;])", "", " ".join(unescape(re.sub(r"<[^>]+>", " ", panel)).split()))


def cancel(protest, on, note=""):
    ProtestChange.objects.create(protest=protest, on=on, kind="cancelled", note=note)


def move(protest, on, **new):
    ProtestChange.objects.create(protest=protest, on=on, kind="moved", **new)


def events_of(client, path=PAGE):
    """Return the events of the only JSON-LD block of a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', source_of(client, path), re.DOTALL)
    return json.loads(block)["@graph"]


# --- The next date


def test_the_next_date_comes_first_with_its_place(client, protest):
    panel = panel_of(client)

    assert "Next date Tuesday 24 November 2026, 6pm to 7pm The embassy 11 West Heath Road London" in panel
    assert "check with the organisers before you travel" in panel
    assert "Every Tuesday, 6pm to 7pm" in text_of(client)


def test_a_cancelled_date_and_its_reason_come_before_the_next_date(client, protest):
    cancel(protest, FIRST, note="No protest during Passover")
    panel = panel_of(client)

    cancelled = panel.index("Cancelled: Tuesday 24 November 2026, 6pm to 7pm No protest during Passover")
    assert cancelled < panel.index("Next date Tuesday 1 December 2026, 6pm to 7pm")


def test_a_later_cancelled_date_is_listed_with_its_reason(client, protest):
    cancel(protest, SECOND, note="A strike")

    assert "Cancelled" not in panel_of(client)
    assert "Cancelled: Tuesday 1 December 2026, 6pm to 7pm A strike" in text_of(client)


def test_the_next_date_is_found_after_many_cancelled_ones(client, protest):
    for week in range(15):
        cancel(protest, FIRST + timedelta(weeks=week))
    panel = panel_of(client)

    assert panel.count("Cancelled:") == 3
    assert "Next date Tuesday 9 March 2027, 6pm to 7pm" in panel


def test_a_moved_date_says_what_it_replaces(client, protest):
    move(protest, FIRST, new_start=time(17), new_place=PlaceFactory(name="The park"), note="Roadworks")
    panel = panel_of(client)

    assert "Next date Tuesday 24 November 2026, 5pm to 6pm The park" in panel
    assert "New time, instead of Tuesday 24 November 2026, 6pm to 7pm" in panel
    assert "New place, instead of The embassy" in panel
    assert "Roadworks" in panel


def test_a_date_moved_in_time_alone_has_no_new_place(client, protest):
    move(protest, FIRST, new_start=time(17))

    assert "New time, instead of" in panel_of(client)
    assert "New place" not in panel_of(client)


def test_a_date_moved_past_the_next_one_is_announced_before_it(client, protest):
    move(protest, FIRST, new_on=date(2026, 12, 3))
    panel = panel_of(client)

    moved = panel.index("Not at the usual time: Tuesday 24 November 2026, 6pm to 7pm")
    assert panel.index("Moved to Thursday 3 December 2026, 6pm to 7pm") > moved
    assert panel.index("Next date Tuesday 1 December 2026, 6pm to 7pm") > moved
    assert text_of(client).count("Thursday 3 December 2026, 6pm to 7pm") == 2


def test_people_who_come_as_usual_see_that_it_was_held_earlier(client, protest, time_machine):
    move(protest, FIRST, new_on=date(2026, 11, 23), new_start=time(9))

    assert "Not at the usual time: Tuesday 24 November 2026, 6pm to 7pm" in panel_of(client)
    time_machine.move_to(datetime(2026, 11, 24, 19, tzinfo=UTC), tick=False)
    assert "Not at the usual time" not in panel_of(client)


def test_the_page_says_kindly_that_no_date_is_planned(client, protest):
    protest.schedules.update(last_on=date(2026, 11, 17))

    assert "No date is planned at the moment Thank you for wanting to come." in panel_of(client)
    assert "Later dates" not in text_of(client)
    assert "application/ld+json" not in source_of(client)
    assert "poster.pdf" not in source_of(client)


def test_a_one_off_reads_like_one(client, protest):
    one_off("vigil", date(2026, 12, 6))
    text = text_of(client, "/protests/vigil/")

    assert "When and where Sunday 6 December 2026, 6pm to 7pm" in text
    for words in ("Every", "every", "Following", "Next"):
        assert words not in text


def test_a_cancelled_one_off_says_so_first(client, protest):
    vigil = one_off("vigil", date(2026, 12, 6))
    cancel(vigil, date(2026, 12, 6), note="A storm")
    panel = panel_of(client, "/protests/vigil/")

    assert panel.startswith("Cancelled: Sunday 6 December 2026, 6pm to 7pm A storm No date is planned")


# --- Getting there, and taking part


def test_the_page_explains_how_to_get_there(client, protest):
    protest.schedules.update(
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
def test_the_map_is_a_plain_link_that_passes_on_no_address(client, protest, place, url):
    protest.schedules.update(place=PlaceFactory(**place))
    source = source_of(client)

    assert f'href="{url.replace("&", "&amp;")}" rel="noreferrer"' in " ".join(source.split())
    assert "<img" not in source.partition("<main")[2].partition("</main>")[0]


def test_each_place_of_the_next_dates_is_explained_once(client, protest):
    move(protest, SECOND, new_place=PlaceFactory(name="The park", stations="Park station"))
    move(protest, THIRD, new_place=PlaceFactory(name="The hall", stations="Hall station"))
    text = text_of(client)

    assert [text.count(f"Nearest stations {name}") for name in ("Park station", "Hall station")] == [1, 1]
    assert text.count("OpenStreetMap") == 3


def test_the_place_of_a_cancelled_date_is_not_explained(client, protest):
    hall = ScheduleFactory(protest=protest, first_on=THIRD, place__name="The hall")
    for week in range(20):
        cancel(protest, hall.first_on + timedelta(weeks=week))

    assert "The hall" not in text_of(client)


def test_single_dates_are_listed_and_no_rule_includes_a_cancelled_one(client, protest):
    days = [date(2026, 12, 6), date(2026, 12, 13), date(2026, 12, 20)]
    protest.schedules.update(repeats="dates", days=days, first_on=days[0], last_on=days[-1])
    cancel(protest, days[1])
    text = text_of(client)

    assert "Next date Sunday 6 December 2026, 6pm to 7pm" in text
    assert text.count("13 December 2026") == text.count("20 December 2026") == 1


def test_what_to_bring_safety_notes_and_the_legal_contact_are_shown(client, protest):
    wording = {"what_to_bring": "<ul><li>A candle</li></ul>", "safety_notes": "<p>Film nobody.</p>"}
    publish(protest, legal_contact="Observers, 07700 900123", **wording)
    source, text = source_of(client), text_of(client)

    assert "What to bring A candle" in text
    assert "Staying safe Film nobody. Legal observers: Observers, 07700 900123" in text
    assert 'href="tel:07700900123"' in source


def test_a_new_schedule_reads_well(client, protest):
    protest.schedules.create(
        weekdays=[1], first_on=date(2027, 1, 5), start_time=time(19), end_time=time(20), place=PlaceFactory()
    )

    assert "Every Tuesday, 6pm to 7pm From 5 January 2027: every Tuesday, 7pm to 8pm" in text_of(client)


def test_the_page_says_that_times_in_another_zone_are_local(client, protest):
    assert "local times" not in text_of(client)
    Protest.objects.update(timezone="America/New_York")

    assert "All times are local times where the protest is." in text_of(client)
    assert 'datetime="2026-11-24T18:00:00-05:00"' in source_of(client)
    assert "Tuesday 24 November 2026, 6pm to 7pm" in panel_of(client)


def test_visitors_can_subscribe_or_download_and_learn_the_difference(client, protest, settings):
    settings.SITE_URL = "https://campaign.example"
    for path, calendar in ((PAGE, "/protests/weekly.ics"), ("/protests/", "/protests/calendar.ics")):
        source = source_of(client, path)

        assert f'href="webcal://campaign.example{calendar}"' in source
        assert f'href="{calendar}"' in source
        assert "Subscribing keeps your calendar up to date" in source
        assert "A downloaded file doesn’t change." in source


def test_the_page_can_be_shared_by_plain_links(client, protest, settings):
    settings.SITE_URL = "https://campaign.example"
    source = source_of(client)

    for service in ("wa.me", "t.me", "bsky.app", "facebook.com", "mailto:"):
        assert service in source
    assert "https%3A%2F%2Fcampaign.example%2Fprotests%2Fweekly%2F" in source
    assert "If you signed" not in source


# --- What search engines read


def test_search_engines_read_the_next_ten_dates_as_events(client, protest, settings):
    settings.SITE_URL = "https://campaign.example"
    protest.schedules.update(
        place=PlaceFactory(name="The embassy", address="1 Road\nLondon", latitude=51.5, longitude=0)
    )
    publish(protest, summary="Come and stand with us.")
    first, *others = events_of(client)

    assert first == {
        "@type": "Event",
        "@id": "https://campaign.example/protests/weekly/#2026-11-24",
        "name": "Weekly protest",
        "description": "Come and stand with us.",
        "inLanguage": "en-gb",
        "url": "https://campaign.example/protests/weekly/",
        "startDate": "2026-11-24T18:00:00+00:00",
        "endDate": "2026-11-24T19:00:00+00:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "location": {
            "@type": "Place",
            "name": "The embassy",
            "address": {"@type": "PostalAddress", "streetAddress": "1 Road, London", "addressCountry": "GB"},
            "geo": {"@type": "GeoCoordinates", "latitude": 51.5, "longitude": 0.0},
        },
        "organizer": {"@type": "Organization", "name": "A campaign", "url": "https://campaign.example/"},
    }
    assert len(others) == 9


def test_events_that_are_cancelled_or_moved_say_so(client, protest):
    cancel(protest, FIRST, note="A strike")
    move(protest, SECOND, new_on=date(2026, 12, 2), new_start=time(17))
    move(protest, THIRD, new_place=PlaceFactory(name="The park"))
    cancelled, moved, elsewhere = events_of(client)[:3]

    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"
    assert cancelled["startDate"] == "2026-11-24T18:00:00+00:00"
    assert cancelled["description"].startswith("A strike")
    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"
    assert (moved["previousStartDate"], moved["startDate"]) == (
        "2026-12-01T18:00:00+00:00",
        "2026-12-02T17:00:00+00:00",
    )
    assert elsewhere["eventStatus"] == "https://schema.org/EventScheduled"
    assert elsewhere["location"]["name"] == "The park"


def test_events_have_the_offset_of_their_day_and_place(client, protest):
    Protest.objects.update(timezone="America/New_York")
    cancel(protest, FIRST)

    assert {event["startDate"][-6:] for event in events_of(client)} == {"-05:00"}


def test_no_title_breaks_out_of_the_events(client, protest):
    publish(protest, title="</script><b>x")

    assert events_of(client)[0]["name"] == "</script><b>x"
    assert "<b>x" not in source_of(client)


# --- The list


def test_the_list_is_in_order_of_the_next_date_and_marks_cancelled_ones(client, protest):
    one_off("vigil", date(2026, 11, 29), title="Vigil")
    one_off("past", date(2026, 1, 4), title="Long ago")
    text = text_of(client, "/protests/")
    assert text.index("Weekly protest") < text.index("Vigil") < text.index("Long ago")

    cancel(protest, FIRST, note="A strike")
    text = text_of(client, "/protests/")
    assert (
        text.index("Vigil Sunday 29 November 2026, 6pm to 7pm") < text.index("Weekly protest") < text.index("Long ago")
    )
    assert "Weekly protest Cancelled: Tuesday 24 November 2026, 6pm to 7pm A strike Tuesday 1 December 2026" in text
    assert "Long ago No date is planned at the moment." in text


def test_an_empty_list_says_so(client, protest):
    Protest.objects.update(published=False)
    text = text_of(client, "/protests/")

    assert "There are no protests planned at the moment." in text
    assert "calendar" not in text


# --- Caches and queries


@pytest.mark.parametrize("path", [PAGE, "/protests/"])
def test_no_cache_keeps_a_page_past_the_end_of_the_date_that_it_shows(client, protest, path, time_machine, settings):
    settings.PAGE_CACHE_SECONDS = 30
    time_machine.move_to(datetime(2026, 11, 24, 18, 59, 48, tzinfo=UTC), tick=False)
    response = client.get(path)
    assert "s-maxage=12" in response.headers["Cache-Control"]
    assert "24 November 2026" in response.content.decode()

    time_machine.move_to(datetime(2026, 11, 24, 19, tzinfo=UTC), tick=False)
    response = client.get(path)
    assert "s-maxage=30" in response.headers["Cache-Control"]
    assert "24 November 2026" not in response.content.decode()


@pytest.mark.parametrize("path", [PAGE, "/protests/"])
def test_the_number_of_queries_does_not_grow(client, protest, path, django_assert_num_queries):
    client.get(path)
    with django_assert_num_queries(QUERIES):
        client.get(path)
    for number in range(5):
        other = ProtestFactory()
        for series in (other, protest):
            move(series, FIRST + timedelta(weeks=number), new_place=PlaceFactory())

    with django_assert_num_queries(QUERIES):
        response = client.get(path)
    assert not response.cookies


# --- Blocks in other pages


def test_a_card_in_a_page_shows_the_next_date_and_what_is_cancelled(client, protest):
    page = PageFactory(slug="about", publish=False)
    Embed.objects.create(parent=page, region="main", ordering=10, target=target_of(protest))
    page.publish()
    cancel(protest, FIRST, note="A strike")
    text = text_of(client, "/about/")

    assert "Cancelled: Tuesday 24 November 2026, 6pm to 7pm A strike" in text
    assert "Tuesday 1 December 2026, 6pm to 7pm" in text


@pytest.mark.parametrize(
    ("first", "words"),
    [(date(2026, 11, 23), "Every Tuesday, 6pm to 7pm"), (date(2027, 1, 4), "From 4 January 2027: every Tuesday, 6pm")],
)
def test_a_series_says_when_it_begins_until_it_has_begun(client, protest, first, words):
    protest.schedules.update(first_on=first)
    text = text_of(client)

    assert words in text
    assert ("From" in text) is (first > NOW.date())


def test_no_rule_is_shown_if_single_dates_follow_a_series(client, protest):
    protest.schedules.update(last_on=SECOND)
    day = date(2026, 12, 6)
    times = {"start_time": time(16), "end_time": time(17)}
    protest.schedules.create(repeats="dates", days=[day], first_on=day, last_on=day, place=PlaceFactory(), **times)

    assert protest.schedules_in_words == ["Every Tuesday, 6pm to 7pm", "Sunday 6 December 2026, 4pm to 5pm"]
    text = text_of(client)
    assert "Sunday 6 December 2026, 4pm to 5pm" in text
    assert "From" not in text
