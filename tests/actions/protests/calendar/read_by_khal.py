"""Write the starts of events that aren't cancelled, as khal reads them: a JSON list of seconds since 1970.

Usage: python read_by_khal.py <from> <until> < calendar.ics It runs in a separate process, because importing khal makes
icalendar use other time zones everywhere.
"""

import json
import sys
from datetime import UTC, datetime

import pytz
from icalendar import Calendar
from khal.icalendar import split_ics
from khal.khalendar.backend import SQLiteDb

NAME = "protests"


def starts(text, since, until):
    """Yield the starts between two moments (seconds), from a database as `khal import` fills it."""
    database = SQLiteDb([NAME], ":memory:", {"local_timezone": pytz.UTC, "default_timezone": pytz.UTC})
    for number, event in enumerate(split_ics(text)):
        database.update(event, f"{number}.ics", calendar=NAME)
    bounds = [datetime.fromtimestamp(moment, UTC) for moment in (since, until)]
    for item, _href, start, *_others in database.get_localized(*bounds):
        [event] = Calendar.from_ical(item).walk("VEVENT")
        if event["STATUS"] != "CANCELLED" and since <= start.timestamp() <= until:
            yield start.timestamp()


if __name__ == "__main__":
    json.dump(sorted(starts(sys.stdin.read(), *map(int, sys.argv[1:]))), sys.stdout)
