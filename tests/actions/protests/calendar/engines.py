"""Programs that read our calendars. Each function returns the starts, in UTC, of events that aren't cancelled."""

from datetime import UTC, datetime
from io import StringIO

import recurring_ical_events
import vobject
from dateutil import tz
from icalendar import Calendar


def by_recurring_ical_events(ics, since, until):
    """Return the starts between two moments (aware) as recurring-ical-events reads them."""
    found = recurring_ical_events.of(Calendar.from_ical(ics)).between(since, until)
    kept = [event for event in found if event.get("STATUS") != "CANCELLED"]
    return sorted(utc(event["DTSTART"].dt) for event in kept if since <= event["DTSTART"].dt <= until)


def by_vobject(ics, since, until):
    """Return the starts as vobject reads them. It uses the time zones in the file."""
    starts = []
    for event in vobject.readOne(StringIO(ics.decode())).vevent_list:
        if event.status.value != "CANCELLED":
            rules = event.getrruleset(addRDate=True)
            begins = event.dtstart.value
            zone = begins.tzinfo
            naive = rules is not None and rules[0].tzinfo is None
            found = rules.between(bound(since, zone, naive), bound(until, zone, naive), inc=True) if rules else [begins]
            aware = [start.replace(tzinfo=zone) if naive else start for start in found]
            # dateutil reads a time that the clocks skip as an hour earlier than RFC 5545 says.
            starts += [utc(tz.resolve_imaginary(start)) for start in aware]
    return sorted(start for start in starts if since <= start <= until)


def bound(moment, zone, naive):
    local = moment.astimezone(zone)
    return local.replace(tzinfo=None) if naive else local


def utc(moment):
    """Return a moment in UTC."""
    return moment.astimezone(UTC)


def ours(protest, since, until):
    """Return the start times that our own pages show."""
    found = protest.occasions(since.date(), until.date())
    return sorted(utc(one.starts) for one in found if not one.cancelled and since <= one.starts <= until)


TEN_YEARS = (datetime(2026, 1, 10, tzinfo=UTC), datetime(2036, 1, 10, tzinfo=UTC))
