"""What search engines read on a protest's page."""

import json
import re
from datetime import date, time

from actions.protests.models import Protest
from tests.actions.factories import PlaceFactory
from tests.actions.protests.pages.reading import FIRST, PAGE, SECOND, THIRD, cancel, move, source_of
from tests.factories import publish


def events_of(client, path=PAGE):
    """Return the events of the only JSON-LD block of a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', source_of(client, path), re.DOTALL)
    return json.loads(block)["@graph"]


def test_search_engines_read_the_next_ten_dates_as_events(client, weekly, settings):
    settings.SITE_URL = "https://campaign.example"
    weekly.schedules.update(
        place=PlaceFactory(name="The embassy", address="1 Road\nLondon", latitude=51.5, longitude=0)
    )
    publish(weekly, summary="Come and stand with us.")
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


def test_events_that_are_cancelled_or_moved_say_so(client, weekly):
    cancel(weekly, FIRST, note="A strike")
    move(weekly, SECOND, new_on=date(2026, 12, 2), new_start=time(17))
    move(weekly, THIRD, new_place=PlaceFactory(name="The park"))
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


def test_events_have_the_offset_of_their_day_and_place(client, weekly):
    Protest.objects.update(timezone="America/New_York")
    cancel(weekly, FIRST)

    assert {event["startDate"][-6:] for event in events_of(client)} == {"-05:00"}


def test_a_title_cannot_break_out_of_the_structured_data(client, weekly):
    publish(weekly, title="</script><b>x")

    assert events_of(client)[0]["name"] == "</script><b>x"
    assert "<b>x" not in source_of(client)
