"""Calendar files: what subscribers' programs receive, and how they learn about changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from actions.protests.calendar.feeds import webcal_url
from actions.protests.models import CONFIRMED_FOR, Protest, ProtestChange
from tests.actions.factories import PlaceFactory, ProtestFactory, ScheduleFactory
from tests.factories import SiteSettingsFactory, publish

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
FEEDS = ["/protests/weekly.ics", "/protests/calendar.ics"]


@pytest.fixture
def protest(time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    return ProtestFactory(slug="weekly", summary="We stand together.")


def events(client, path="/protests/weekly.ics"):
    return Calendar.from_ical(client.get(path).content).walk("VEVENT")


def event_of(client, on):
    """Return the event of one single or changed date."""
    [found] = [event for event in events(client) if str(event["UID"]).endswith(f"-{on:%Y%m%d}")]
    return found


def change(protest, on=TUESDAY, kind="cancelled", **fields):
    return ProtestChange.objects.create(protest=protest, on=on, kind=kind, **fields)


def test_a_weekly_protest_is_one_event_with_a_rule(client, protest):
    [event] = events(client)

    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU"
    assert event["DTSTART"].dt.isoformat() == "2020-07-28T18:00:00+01:00"
    assert (event["STATUS"], event["UID"]) == ("CONFIRMED", str(protest.schedules.get().uid))
    assert event["LOCATION"] == "The embassy, 11 West Heath Road, London"


def test_each_single_date_is_a_separate_event(client, protest):
    days = [date(2026, 12, 6), date(2026, 12, 13)]
    protest.schedules.update(repeats="dates", days=days, first_on=days[0], last_on=days[1])

    assert [event["DTSTART"].dt.date() for event in events(client)] == days
    assert all("RRULE" not in event for event in events(client))


def test_an_end_past_midnight_is_on_the_next_day(client, protest):
    protest.schedules.update(start_time=time(19), end_time=time(0))
    change(protest, kind="moved", new_start=time(22), new_end=time(1))

    series, moved = events(client)
    assert [event["DTEND"].dt.isoformat() for event in (series, moved)] == [
        *("2020-07-29T00:00:00+01:00", "2026-11-25T01:00:00+00:00")
    ]


def test_a_schedule_ends_in_the_calendar_where_the_next_begins(client, protest):
    ScheduleFactory(protest=protest, first_on=date(2027, 1, 5), start_time=time(19), end_time=time(20), every=2)

    old, new = events(client)
    assert old["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270104T235959Z;BYDAY=TU"
    assert new["RRULE"].to_ical() == b"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=MO"
    assert new["DTSTART"].dt.isoformat() == "2027-01-05T19:00:00+00:00"


def test_a_cancelled_date_reaches_subscribers_as_cancelled_with_its_reason(client, protest):
    change(protest, note="No protest during Passover")

    event, series = event_of(client, TUESDAY), events(client)[0]
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Cancelled: Weekly protest")
    assert event["COMMENT"] == "No protest during Passover"
    assert event["DESCRIPTION"].startswith("No protest during Passover")
    assert event["DTSTART"].dt.isoformat() == "2026-11-24T18:00:00+00:00"
    assert series["EXDATE"].dts[0].dt == event["DTSTART"].dt


def test_a_reinstated_date_keeps_the_uid_of_the_cancelled_one(client, protest):
    row = change(protest, note="Snow")
    cancelled = event_of(client, TUESDAY)
    row.kind, row.note = "as_usual", ""
    row.save()

    reinstated = event_of(client, TUESDAY)
    assert reinstated["UID"] == cancelled["UID"]
    assert (reinstated["STATUS"], reinstated["SUMMARY"]) == ("CONFIRMED", "Weekly protest")


def test_a_moved_date_is_a_separate_event(client, protest):
    change(protest, kind="moved", new_start=time(17), new_place=PlaceFactory(name="The square"), note="Too loud")

    event = event_of(client, TUESDAY)
    assert (event["DTSTART"].dt.hour, event["DTEND"].dt.hour, event["COMMENT"]) == (17, 18, "Too loud")
    assert event["LOCATION"].startswith("The square")


def test_a_cancelled_date_stays_for_a_month_and_never_comes_back(client, protest, time_machine):
    change(protest)
    time_machine.move_to(NOW + timedelta(days=31), tick=False)
    assert len(events(client)) == 2

    time_machine.move_to(NOW + timedelta(days=34), tick=False)
    [series] = events(client)
    assert series["EXDATE"].dts[0].dt.date() == TUESDAY


CHANGES = {
    "the published title": lambda row: publish(row, title="New", check=False),
    "the address of the page": lambda row: publish(row, slug="weekly", check=False, summary="Other words."),
    "the place": lambda row: row.place.save(),
    "a schedule": lambda row: row.schedules.get().save(),
    "a new schedule": lambda row: ScheduleFactory(protest=row, first_on=date(2027, 1, 5)),
    "a changed date": change,
    "the time zone": lambda row: publish(row, timezone="Europe/Paris", check=False),
    "the confirmation": lambda row: Protest.objects.filter(pk=row.pk).end_confirmations(),
}


@pytest.mark.parametrize("edit", CHANGES.values(), ids=CHANGES)
def test_sequence_and_time_of_change_increase_with_every_change(client, protest, time_machine, edit):
    before = events(client)[0]
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    edit(Protest.objects.get())

    after = events(client)[0]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == NOW + timedelta(minutes=1)


def test_sequence_increases_when_a_changed_date_is_deleted(client, protest, time_machine):
    row = change(protest)
    before = events(client)[0]
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    row.delete()

    assert events(client)[0]["SEQUENCE"] > before["SEQUENCE"]


def test_sequence_increases_when_a_confirmation_expires(client, protest, time_machine):
    Protest.objects.update(confirmed_on=NOW.date())
    before = events(client)[0]
    time_machine.move_to(NOW + CONFIRMED_FOR, tick=False)

    after = events(client)[0]
    assert after["DESCRIPTION"] != before["DESCRIPTION"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_uids_survive_a_new_address_and_a_new_host(client, protest, settings):
    change(protest)
    before = {event["UID"] for event in events(client)}
    settings.SITE_URL, settings.SITE_HOST = "https://new.example.org", "new.example.org"
    publish(protest, slug="tuesdays", check=False)

    after = events(client, "/protests/tuesdays.ics")
    assert {event["UID"] for event in after} == before
    assert after[0]["URL"] == "https://new.example.org/protests/tuesdays/"


@pytest.mark.parametrize("path", FEEDS)
def test_a_program_with_the_newest_calendar_gets_304(client, protest, path):
    first = client.get(path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    change(protest)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_subscribing_uses_an_address_that_calendar_programs_open(settings):
    settings.SITE_URL = "https://example.org"

    assert webcal_url("/protests/calendar.ics") == "webcal://example.org/protests/calendar.ics"


def test_line_breaks_in_a_text_add_no_line_to_the_calendar(client, protest):
    evil = "A\r\nATTENDEE:mailto:x@example.org"
    publish(protest, check=False, title=evil)
    change(protest, kind="moved", note=evil, new_place=PlaceFactory(name=evil, address=evil))

    text = client.get("/protests/weekly.ics").content.decode()
    assert not [line for line in text.split("\r\n") if line.startswith("ATTENDEE")]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_calendar_has_the_same_bytes_until_something_changes(client, protest):
    assert client.get(FEEDS[0]).content == client.get(FEEDS[0]).content
