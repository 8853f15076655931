"""Protests as iCalendar files (RFC 5545), which calendar programs can read."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.html import strip_tags
from icalendar import Calendar, Event, Timezone

from actions.protests.models import Protest, ProtestChange, read_each

# Written by hand: the library's own `add_missing_timezones` is an hour late in spring and stops in 2037.
# The rule comes from European Union directive 2000/84/EC, which the United Kingdom still follows: the last
# Sundays of March and October, at 01:00 UTC.
LONDON = Timezone.from_ical(
    "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:19810329T010000\r\nTZNAME:BST\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\nDTSTART:19961027T020000\r\nTZNAME:GMT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
HAND_WRITTEN = {"Europe/London": LONDON}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MIME = "text/calendar; charset=utf-8"


def calendar(protests: list[Protest], name: str) -> bytes:
    """Return a calendar with a weekly event for each protest, and a separate event for each date that was moved."""
    ical = Calendar()
    ical.add("prodid", "-//Campaign hub//Protests//EN")
    ical.add("version", "2.0")
    ical.add("x-wr-calname", _one_line(name))
    read = read_each(protests, _events)
    for zone in sorted({protest.timezone for protest, _events in read}):
        ical.add_component(HAND_WRITTEN.get(zone) or Timezone.from_tzinfo(ZoneInfo(zone)))
    for event in chain.from_iterable(events for _protest, events in read):
        ical.add_component(event)
    return ical.to_ical()


def _events(protest: Protest) -> list[Event]:
    changes = list(protest.changes.all())
    first = protest.regular_days(protest.first_on)[0].date()
    weekly = _event(protest, "weekly", protest.at(first).starts, protest.at(first).ends)
    rule: dict[str, object] = {"freq": "weekly", "byday": DAYS[protest.weekday]}
    if protest.last_on:
        rule["until"] = _last_moment(protest.last_on, protest.timezone)
    weekly.add("rrule", rule)
    for change in changes:
        weekly.add("exdate", protest.at(change.on).starts)
    # A separate event with its own UID, not RECURRENCE-ID: some calendars ignore that and show both dates.
    moved = [change for change in changes if change.kind == ProtestChange.Kind.MOVED]
    return [weekly, *(_moved(protest, change) for change in moved)]


def _moved(protest: Protest, change: ProtestChange) -> Event:
    occasion = change.as_occasion()
    event = _event(protest, f"{change.on:%Y%m%d}", occasion.starts, occasion.ends)
    if change.note:
        event.add("comment", _one_line(change.note))
    return event


def _event(protest: Protest, part: str, starts: datetime, ends: datetime) -> Event:
    event = Event()
    event.add("uid", f"{protest.slug}-{part}@{settings.SITE_HOST}")
    event.add("dtstamp", protest.updated_at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", _one_line(protest.title))
    event.add("description", _one_line(f"{protest.assurance} {strip_tags(protest.summary)}"))
    event.add("location", _one_line(", ".join([protest.venue, *protest.address.splitlines()])))
    event.add("url", settings.SITE_URL + protest.get_absolute_url())
    return event


def _one_line(text: str) -> str:
    """Join lines with spaces: the library leaves lone carriage returns in, where a calendar would end the line."""
    return " ".join(text.split())


def _last_moment(day: date, zone: str) -> datetime:
    """Return the end of a day in UTC, as RFC 5545, 3.3.10 requires of UNTIL if the start has a time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone)).astimezone(UTC)
