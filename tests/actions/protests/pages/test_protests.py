"""Protests' pages and calendars, which one bad row must not break."""

from datetime import UTC, date, datetime

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
    assert '<time class="leaf" datetime="2026-11-24T18:00:00' in responses["/"].content.decode()
    events = Calendar.from_ical(responses["/protests/calendar.ics"].content).walk("VEVENT")
    assert str(protest.schedules.get().uid) in {str(event["UID"]) for event in events}
    assert client.get("/protests/bad/").status_code in (200, 404)
    assert client.get("/protests/bad.ics").status_code == 200


def test_a_protest_without_a_schedule_shows_no_dates(client, protest):
    ProtestFactory(slug="bare", schedule=False)
    ProtestFactory(slug="nowhere", schedule=False, timezone="Europe/Atlantis")

    assert "No date is planned" in client.get("/protests/bare/").content.decode()
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
