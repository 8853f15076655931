"""The pages of protests: what visitors see, and what never breaks them."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from icalendar import Calendar

from actions.protests.models import Protest, ProtestChange, Schedule
from tests.actions.factories import PlaceFactory, ProtestFactory
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def protest(time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    return ProtestFactory(slug="weekly")


def test_the_page_shows_when_and_where(client, protest):
    text = client.get("/protests/weekly/").content.decode()

    assert "Every Tuesday, 6pm to 7pm" in text
    assert "Tuesday 24 November 2026, 6pm" in text
    assert text.count("<time") == 5
    assert "West Heath Road" in text


def test_a_vigil_on_one_day_reads_like_one(client, protest):
    vigil = {"repeats": "dates", "weekdays": [], "days": [date(2026, 12, 6)], "first_on": date(2026, 12, 6)}
    times = {"start_time": time(16), "end_time": time(17, 30), "last_on": date(2026, 12, 6)}
    ProtestFactory(slug="vigil", **{f"schedule__{name}": value for name, value in (vigil | times).items()})

    text = client.get("/protests/vigil/").content.decode()
    assert "Sunday 6 December 2026, 4pm to 5:30pm" in text
    assert "Every" not in text
    assert text.count("<time") == 1


def test_the_page_says_what_holds_now_and_what_will_change(client, protest):
    times = {"start_time": time(19), "end_time": time(20), "weekdays": [1], "first_on": date(2027, 1, 5)}
    protest.schedules.create(place=PlaceFactory(), **times)

    text = client.get("/protests/weekly/").content.decode()
    assert "Every Tuesday, 6pm to 7pm" in text
    assert "From 5 January 2027: every Tuesday, 7pm to 8pm" in text


def test_times_are_those_of_the_place(client, protest):
    ProtestFactory(slug="abroad", timezone="America/New_York")

    text = client.get("/protests/abroad/").content.decode()
    assert "Tuesday 24 November 2026, 6pm" in text
    assert 'datetime="2026-11-24T18:00:00-05:00"' in text


def test_a_date_that_is_cancelled_or_moved_says_so(client, protest):
    square = PlaceFactory(name="The square")
    ProtestChange.objects.create(protest=protest, on=date(2026, 11, 24), kind="cancelled", note="Too much snow")
    ProtestChange.objects.create(protest=protest, on=date(2026, 12, 1), kind="moved", new_place=square)

    text = client.get("/protests/weekly/").content.decode()
    assert "<s>" in text
    assert "Too much snow" in text
    assert "The square" in text


UNREADABLE = [
    {"repeats": "weekly", "weekdays": []},
    {"repeats": "weekly", "weekdays": [9]},
    {"repeats": "monthly", "ordinal": 7},
    {"repeats": "monthly", "ordinal": 0},
    {"repeats": "monthly", "weekdays": []},
    {"repeats": "dates", "days": []},
    {"repeats": "never"},
    {"first_on": "2026-11-25", "last_on": "2026-11-28"},
    {"first_on": "9999-12-30"},
    {"last_on": "9999-12-31"},
    {"first_on": "0001-01-01", "every": 3},
]
UNREADABLE_PROTESTS = [{"timezone": zone} for zone in ("Europe/Atlantis", "Europe", "../../etc/passwd")]
LISTS = ["/", "/protests/", "/protests/calendar.ics", "/protests/weekly.ics", "/sitemap.xml", "/feed.xml"]


def make_unreadable(changes):
    bad = ProtestFactory(slug="bad", title="Broken")
    if "timezone" in changes or "language" in changes:
        Protest.objects.filter(pk=bad.pk).update(**changes)
    else:
        Schedule.objects.filter(protest=bad).update(**changes)
    bad.publish(check=False)
    return bad


@pytest.mark.parametrize("changes", [*UNREADABLE, *UNREADABLE_PROTESTS, {"language": "zz"}], ids=str)
def test_an_unreadable_protest_does_not_hide_the_others(client, protest, changes, caplog):
    make_unreadable(changes)
    responses = {path: client.get(path) for path in LISTS}

    assert {path: response.status_code for path, response in responses.items()} == dict.fromkeys(LISTS, 200)
    assert "Weekly protest" in responses["/protests/"].content.decode()
    assert "24 November 2026, 6pm" in responses["/"].content.decode()
    events = Calendar.from_ical(responses["/protests/calendar.ics"].content).walk("VEVENT")
    assert str(protest.schedules.get().uid) in {str(event["UID"]) for event in events}
    assert client.get("/protests/bad/").status_code in (200, 404)
    assert client.get("/protests/bad.ics").status_code == 200


def test_a_protest_without_a_schedule_shows_no_dates(client, protest):
    ProtestFactory(slug="bare", schedule=False)
    ProtestFactory(slug="nowhere", schedule=False, timezone="Europe/Atlantis")

    assert "There are no dates planned" in client.get("/protests/bare/").content.decode()
    assert client.get("/protests/bare.ics").content.count(b"BEGIN:VEVENT") == 0
    assert client.get("/protests/calendar.ics").content.count(b"BEGIN:VEVENT") == 1
    assert client.get("/").status_code == client.get("/protests/").status_code == 200


def test_a_schedule_without_times_does_not_hide_other_protests(client, protest, caplog):
    bad = ProtestFactory(slug="bad")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE protests_schedule ALTER start_time DROP NOT NULL")
        cursor.execute("UPDATE protests_schedule SET start_time = NULL WHERE protest_id = %s", [bad.pk])

    assert client.get("/protests/calendar.ics").content.count(b"BEGIN:VEVENT") == 1
    assert client.get("/protests/bad/").status_code == 404
    assert client.get("/").status_code == client.get("/protests/").status_code == 200
    assert f"Protest {bad.pk} can't be shown (TypeError)" in caplog.text


@pytest.mark.parametrize("path", ["", "weekly/", "weekly.ics", "calendar.ics"])
def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, protest, path, django_assert_max_num_queries):
    ProtestFactory.create_batch(5)
    ProtestChange.objects.create(protest=protest, on=date(2026, 12, 1), kind="moved", new_place=PlaceFactory())
    with django_assert_max_num_queries(5):
        response = client.get(f"/protests/{path}")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies
