"""Time zones in calendars, which are written as rules and which another program reads correctly."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import tz

from actions.protests.calendar.timezones import timezone_component
from tests.actions.protests.series import ZONES
from tests.sizes import size

# Half an hour; a day that falls in November in some years; a permanent change; an hour between two days; no rule.
ODD = ("Australia/Lord_Howe", "Africa/Cairo", "Europe/Istanbul", "America/Nuuk", "America/Santiago", "Asia/Gaza")
BEGINS, ENDS = datetime(2014, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
WITHOUT_A_RULE = {"Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"}


def as_read(name):
    """Return a time zone as dateutil reads it from our component."""
    component = timezone_component(name, BEGINS.year, 2026)
    text = f"BEGIN:VCALENDAR\r\n{component.to_ical().decode()}END:VCALENDAR\r\n"
    return tz.tzical(StringIO(text)).get()


@pytest.mark.parametrize("name", [*ZONES, *ODD] if size(True, False) else sorted(available_timezones()))
def test_dateutil_reads_the_real_changes_of_the_clocks(name):
    zone, read = ZoneInfo(name), as_read(name)
    days = (ENDS - BEGINS).days

    moments = [BEGINS + timedelta(days=day, hours=day % 24) for day in range(0, days, 4)]
    local = [moment.astimezone(zone).replace(tzinfo=None) for moment in moments]
    assert [clock.replace(tzinfo=read).utcoffset() for clock in local] == [
        clock.replace(tzinfo=zone).utcoffset() for clock in local
    ]


@pytest.mark.parametrize("name", [*ZONES, *ODD])
def test_a_zone_is_written_as_rules_unless_its_clocks_follow_none(name):
    text = timezone_component(name, 2020, 2026).to_ical().decode()
    changes = text.split("BEGIN:")[3:]

    assert "RDATE" not in text
    assert "UNTIL" not in text
    if name not in WITHOUT_A_RULE:
        has_summer_time = len({datetime(2030, month, 1, tzinfo=ZoneInfo(name)).utcoffset() for month in (1, 7)}) > 1
        assert sum("RRULE" in part for part in changes) >= (2 if has_summer_time else 0)
        assert not [part for part in changes if "DTSTART:203" in part]


def test_london_and_jerusalem_change_their_clocks_by_their_own_rules():
    zones = ("Europe/London", "Asia/Jerusalem")
    london, jerusalem = (timezone_component(name, 2018, 2026).to_ical().decode() for name in zones)

    assert "DTSTART:20180325T010000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in london
    assert "DTSTART:20181028T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in london
    assert "BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29;BYMONTH=3" in jerusalem


def test_a_zone_never_looks_like_utc():
    # vobject mistakes a zone for UTC if the two agree from 2000 to 2020.
    assert "RRULE" in timezone_component("Europe/London", 2026, 2026).to_ical().decode().split("2020")[0]
