"""Calendar files of protests, to download or to subscribe to."""

from datetime import timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar

from actions.protests.calendar.events import events_of
from actions.protests.calendar.timezones import timezone_component
from actions.protests.models import Protest, read_each
from actions.protests.models.schedule import EARLIEST

MIME = "text/calendar; charset=utf-8"
# How often we ask calendar programs to look for changes (RFC 7986, 5.7). Older programs know only the other property.
REFRESH = timedelta(hours=1)


def calendar(protests: list[Protest], name: str) -> bytes:
    """Return an iCalendar file with all the protests' dates. Unreadable protests are left out and logged."""
    today = timezone.localdate()
    read = read_each(protests, lambda protest: events_of(protest, today))
    ical = Calendar()
    ical.add("prodid", "-//Campaign hub//Protests//EN")
    ical.add("version", "2.0")
    ical.add("x-wr-calname", " ".join(name.split()))
    ical.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    ical.add("x-published-ttl", "PT1H")
    first_years: dict[str, int] = {}
    for protest, events in read:
        for event in events:
            starts: Any = event["dtstart"]
            year = max(starts.dt.year, EARLIEST.year)
            first_years[protest.timezone] = min(year, first_years.get(protest.timezone, year))
    for zone, year in sorted(first_years.items()):
        ical.add_component(timezone_component(zone, year - 1, today.year))
    for event in chain.from_iterable(events for _protest, events in read):
        ical.add_component(event)
    return ical.to_ical()


def webcal_url(path: str) -> str:
    """Return the `webcal:` address of a calendar file, which makes calendar programs offer to subscribe."""
    return "webcal://" + (settings.SITE_URL + path).partition("://")[2]
