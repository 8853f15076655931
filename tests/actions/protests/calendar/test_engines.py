"""Calendar programs find the same dates in our calendars as our pages show."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import recurring_ical_events
from hypothesis import given, settings
from icalendar import Calendar

from actions.protests.calendar.feeds import calendar
from tests.actions.protests.calendar.engines import TEN_YEARS, by_recurring_ical_events, by_vobject, ours, utc
from tests.actions.protests.series import ELSEWHERE, PLACE, ZONES, change, protest, schedule, series, single_dates
from tests.sizes import size

CHANGED = datetime(2026, 1, 1, tzinfo=UTC)
PLACE.updated_at = ELSEWHERE.updated_at = CHANGED
PROGRAMS = os.environ.get("CALENDAR_PROGRAMS", "")  # .ci/run installs them
ENGINES = [by_recurring_ical_events, by_vobject]


def every_kind(zone, start=time(1, 30), moved=time(2, 30)):
    """Return a protest with each kind of rule and of change, by default at times when the clocks change."""
    early = {"start_time": start, "end_time": time(start.hour + 2, start.minute)}
    return protest(
        schedule(weekdays=[1, 5, 6], every=2, first_on=date(2026, 1, 2), **early),
        schedule(repeats="monthly", weekdays=[6], ordinal=-1, first_on=date(2028, 1, 5), **early),
        single_dates(date(2030, 3, 31), date(2030, 4, 2), **early),
        schedule(weekdays=[6], first_on=date(2030, 5, 1), last_on=date(2034, 11, 5), **early),
        changes=[
            change(date(2026, 3, 29)),
            change(date(2026, 4, 11), "moved", new_start=moved),
            change(date(2026, 4, 12), "moved", new_on=date(2026, 10, 25), new_place=ELSEWHERE),
            change(date(2026, 4, 25), "as_usual"),
            change(date(2030, 3, 31), note="Snow"),
            change(date(2031, 1, 1)),  # not a regular date
        ],
        timezone=zone,
        updated_at=CHANGED,
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("zone", ZONES)
def test_each_program_reads_ten_years_of_dates_as_we_show_them(zone, engine):
    row = every_kind(zone)
    shown = ours(row, *TEN_YEARS)

    assert len(shown) > 400
    assert engine(calendar([row], "Protests"), *TEN_YEARS) == shown


# The other programs depart from RFC 5545 in the very hour when the clocks change, so their protests are at other times.
BY_DAY = {"start": time(4, 30), "moved": time(18)}


def agrees(row, command):
    """Return whether a program that reads a calendar from its input prints the starts that our own pages show."""
    bounds = [str(int(moment.timestamp())) for moment in TEN_YEARS]
    ics = calendar([row], "Protests")
    ran = subprocess.run([*command, *bounds], input=ics, capture_output=True, check=True)  # noqa: S603
    return json.loads(ran.stdout) == [moment.timestamp() for moment in ours(row, *TEN_YEARS)]


@pytest.mark.skipif(not PROGRAMS, reason="CALENDAR_PROGRAMS names no folder with ical.js and node-ical.")
@pytest.mark.parametrize("program", ["ical.js", "node-ical"])
@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Africa/Casablanca"])
def test_javascript_programs_read_ten_years_of_dates_as_we_show_them(zone, program):
    assert agrees(
        every_kind(zone, **BY_DAY), ["node", Path(__file__).with_name("read_calendar.mjs"), PROGRAMS, program]
    )


# khal has its own time zone database, whose changes to Morocco's clocks may differ from those in the system's.
@pytest.mark.parametrize("zone", size(ZONES[:2], [zone for zone in ZONES if zone != "Africa/Casablanca"]))
def test_khal_reads_ten_years_of_dates_as_we_show_them(zone):
    assert agrees(every_kind(zone, **BY_DAY), [sys.executable, Path(__file__).with_name("read_by_khal.py")])


def test_an_end_past_midnight_is_read_as_we_show_it():
    row = protest(
        schedule(start_time=time(22), end_time=time(1)),
        changes=[change(date(2026, 4, 14), "moved", new_end=time(0))],
        updated_at=CHANGED,
    )
    shown = [(utc(one.starts), utc(one.ends)) for one in row.occasions(*(moment.date() for moment in TEN_YEARS))]

    found = recurring_ical_events.of(Calendar.from_ical(calendar([row], "Protests"))).between(*TEN_YEARS)
    assert sorted((utc(event["DTSTART"].dt), utc(event["DTEND"].dt)) for event in found) == shown


def test_a_schedule_that_begins_at_midnight_follows_the_previous_schedules_last_date():
    midnight = {"weekdays": [0], "start_time": time(0), "end_time": time(1)}
    row = protest(schedule(**midnight), schedule(first_on=date(2029, 1, 1), **midnight), updated_at=CHANGED)

    assert by_recurring_ical_events(calendar([row], "Protests"), *TEN_YEARS) == ours(row, *TEN_YEARS)


@settings(max_examples=size(6, 500), deadline=None)
@given(row=series())
def test_random_series_are_read_as_we_show_them(row):
    row.updated_at = CHANGED
    shown = ours(row, *TEN_YEARS)

    ics = calendar([row], "Protests")
    assert by_recurring_ical_events(ics, *TEN_YEARS) == shown
    assert by_vobject(ics, *TEN_YEARS) == shown
