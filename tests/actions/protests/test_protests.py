"""Protests, their dates and their calendars."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from actions.protests.models import Protest, ProtestChange
from tests.actions.factories import ProtestFactory
from tests.factories import SiteSettingsFactory, publish

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def protest(time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    return ProtestFactory(slug="weekly")


def starts(protest, now=NOW):
    return [occasion.starts.strftime("%d %b %H:%M %z") for occasion in protest.dates(now)]


def test_the_next_five_dates_are_tuesdays_at_six(protest):
    assert starts(protest) == [
        "24 Nov 18:00 +0000",
        "01 Dec 18:00 +0000",
        "08 Dec 18:00 +0000",
        "15 Dec 18:00 +0000",
        "22 Dec 18:00 +0000",
    ]


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (datetime(2027, 3, 25, tzinfo=UTC), "30 Mar 18:00 +0100"),
        (datetime(2027, 10, 27, tzinfo=UTC), "02 Nov 18:00 +0000"),
    ],
)
def test_it_stays_six_by_the_clock_when_the_clocks_change(protest, now, following):
    assert starts(protest, now)[0] == following


def test_a_protest_is_shown_until_it_ends(protest):
    end = datetime(2026, 11, 24, 19, tzinfo=LONDON)

    assert starts(protest, end - timedelta(minutes=1))[0].startswith("24 Nov")
    assert starts(protest, end)[0].startswith("01 Dec")


def test_a_cancelled_date_is_marked_and_skipped_as_the_next_date(protest):
    ProtestChange.objects.create(protest=protest, on=date(2026, 11, 24), kind="cancelled", note="Holiday")

    assert protest.dates(NOW)[0].cancelled
    assert protest.next_date(NOW).starts.date() == date(2026, 12, 1)


def test_a_moved_date_is_listed_at_its_new_time(protest):
    new = datetime(2026, 11, 25, 17, tzinfo=LONDON)
    ProtestChange.objects.create(protest=protest, on=date(2026, 11, 24), kind="moved", new_starts=new)

    first = protest.dates(NOW)[0]
    assert (first.starts, first.ends, first.moved) == (new, new + timedelta(hours=1), True)


def test_a_date_moved_past_its_usual_day_is_still_shown(protest):
    new = datetime(2026, 11, 23, 17, tzinfo=LONDON)
    ProtestChange.objects.create(protest=protest, on=date(2026, 11, 17), kind="moved", new_starts=new)

    assert protest.dates(NOW)[0].starts == new


def test_no_date_follows_the_last(protest):
    protest.last_on = date(2026, 12, 1)

    assert starts(protest) == ["24 Nov 18:00 +0000", "01 Dec 18:00 +0000"]


@given(weekday=st.integers(0, 6), week=st.integers(0, 2000))
def test_every_week_has_the_same_day_and_time(weekday, week):
    now = NOW + timedelta(weeks=week)
    protest = ProtestFactory.build(pk=1, weekday=weekday)
    protest._prefetched_objects_cache = {"changes": ProtestChange.objects.none()}

    for occasion in protest.dates(now):
        assert occasion.starts.weekday() == weekday
        assert (occasion.starts.hour, occasion.ends.hour) == (18, 19)
        assert occasion.ends > now


def test_the_page_shows_when_and_where(client, protest):
    text = client.get("/protests/weekly/").content.decode()

    assert "Every Tuesday, 18:00 to 19:00" in text
    assert "Tuesday 24 November 2026, 18:00" in text
    assert text.count("<time") == 5
    assert "West Heath Road" in text


def expand(calendar, until):
    """Return all start times in a calendar, as a calendar program works them out."""
    starts = []
    for event in calendar.walk("VEVENT"):
        start = event["DTSTART"].dt
        if "RRULE" not in event:
            starts.append(start)
            continue
        excluded = event.get("EXDATE", [])
        excluded = {d.dt for group in (excluded if isinstance(excluded, list) else [excluded]) for d in group.dts}
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start.replace(tzinfo=None))
        days = (day.replace(tzinfo=start.tzinfo) for day in rule.between(NOW.replace(tzinfo=None), until))
        starts += [day for day in days if day not in excluded]
    return sorted(starts)


def test_a_calendar_program_calculates_the_same_dates(client, protest):
    new = datetime(2026, 12, 3, 17, tzinfo=LONDON)
    ProtestChange.objects.create(protest=protest, on=date(2026, 11, 24), kind="cancelled")
    ProtestChange.objects.create(protest=protest, on=date(2026, 12, 1), kind="moved", new_starts=new)
    response = client.get("/protests/weekly.ics")

    calendar = Calendar.from_ical(response.content)
    ours = [occasion.starts for occasion in protest.dates(NOW) if not occasion.cancelled]
    assert expand(calendar, NOW.replace(tzinfo=None) + timedelta(days=32)) == ours
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids)) == 2


def test_the_calendar_repeats_both_clock_changes_for_ever(client, protest):
    text = client.get("/protests/calendar.ics").content.decode()

    assert "TZID:Europe/London" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in text
    assert "2037" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_line_breaks_in_a_text_add_no_line_to_the_calendar(client, protest):
    publish(protest, check=False, title="A\r\nATTENDEE:mailto:x@example.org", venue="B;C,D")

    calendar = Calendar.from_ical(client.get("/protests/weekly.ics").content)
    assert all("ATTENDEE" not in event for event in calendar.walk("VEVENT"))


def test_the_calendar_has_the_same_bytes_until_something_changes(client, protest):
    assert client.get("/protests/weekly.ics").content == client.get("/protests/weekly.ics").content


@pytest.mark.parametrize(
    "changes",
    [{"end_time": "17:00"}, {"last_on": "2020-01-01"}, {"timezone": "Europe/Atlantis"}, {"weekday": 7}],
)
def test_impossible_values_are_refused(protest, changes):
    for name, value in changes.items():
        setattr(protest, name, value)

    with pytest.raises(ValidationError):
        protest.full_clean()


def test_the_database_refuses_an_end_before_the_start():
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtestFactory(end_time="17:00")


def test_a_last_date_before_the_first_weekday_is_refused_beside_its_field(protest):
    protest.first_on, protest.last_on = date(2026, 11, 25), date(2026, 11, 28)  # from a Wednesday to a Saturday

    with pytest.raises(ValidationError) as refused:
        protest.full_clean()
    assert refused.value.message_dict == {"last_on": ["There is no Tuesday between the first date and the last."]}


@given(first=st.dates(), days=st.integers(0, 20), weekday=st.integers(0, 6))
def test_every_accepted_protest_has_a_first_date(first, days, weekday):
    last = first + timedelta(days=min(days, (date.max - first).days))
    protest = ProtestFactory.build(pk=1, slug="a", first_on=first, last_on=last, weekday=weekday)
    has_one = any((first + timedelta(days=day)).weekday() == weekday for day in range((last - first).days + 1))

    try:
        protest.clean()
    except ValidationError:
        assert not has_one
    else:
        assert has_one


UNREADABLE = [
    {"first_on": "2026-11-25", "last_on": "2026-11-28"},
    {"timezone": "Europe/Atlantis"},
    {"timezone": "Europe"},
    {"timezone": "../../etc/passwd"},
    {"weekday": 9},
    {"last_on": "9999-12-31"},
    {"first_on": "9999-12-30"},
    {"first_on": "0001-01-01", "timezone": "Asia/Tokyo"},
    {"language": "zz"},
]
LISTS = ["/", "/protests/", "/protests/calendar.ics", "/protests/weekly.ics", "/sitemap.xml", "/feed.xml"]


@pytest.mark.parametrize("changes", UNREADABLE, ids=str)
def test_an_unreadable_protest_does_not_hide_the_others(client, protest, changes, caplog):
    bad = ProtestFactory(slug="bad", title="Broken")
    Protest.objects.filter(pk=bad.pk).update(**changes)
    bad.publish(check=False)

    responses = {path: client.get(path) for path in LISTS}

    assert {path: response.status_code for path, response in responses.items()} == dict.fromkeys(LISTS, 200)
    assert "Weekly protest" in responses["/protests/"].content.decode()
    assert "24 November, 18:00" in responses["/"].content.decode()
    uids = [
        str(event["UID"]) for event in Calendar.from_ical(responses["/protests/calendar.ics"].content).walk("VEVENT")
    ]
    assert any(uid.startswith("weekly-") for uid in uids)
    assert client.get("/protests/bad/").status_code in (200, 404)
    assert client.get("/protests/bad.ics").status_code == 200


def test_an_unknown_weekday_raises_instead_of_looping():
    with pytest.raises(ValueError, match="9 is not a valid Weekday"):
        ProtestFactory.build(weekday=9).regular_days(date(2026, 11, 24))


def test_a_change_without_a_time_does_not_hide_other_protests(client, protest, caplog):
    bad = ProtestFactory(slug="bad")
    ProtestChange.objects.create(protest=bad, on=date(2026, 11, 24), kind="moved", new_starts=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE protests_protestchange DROP CONSTRAINT moved_to_a_time")
        cursor.execute("UPDATE protests_protestchange SET new_starts = NULL")

    assert client.get("/protests/calendar.ics").content.count(b"BEGIN:VEVENT") == 1
    assert client.get("/protests/bad/").status_code == 404
    assert client.get("/").status_code == client.get("/protests/").status_code == 200
    assert f"Protest {bad.pk} can't be shown (ValueError)" in caplog.text


def test_a_change_must_fall_on_the_protests_day(protest):
    with pytest.raises(ValidationError, match="isn’t held on that day"):
        ProtestChange(protest=protest, on=date(2026, 11, 25), kind="cancelled").full_clean()


@pytest.mark.parametrize("path", ["", "weekly/", "weekly.ics", "calendar.ics"])
def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, protest, path, django_assert_max_num_queries):
    ProtestFactory.create_batch(5)
    with django_assert_max_num_queries(4):
        response = client.get(f"/protests/{path}")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies
