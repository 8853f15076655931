"""Time zones as VTIMEZONE components (RFC 5545, 3.6.5), for any zone in the IANA database.

We write them ourselves. icalendar would list the moments at which the clocks change (RDATE) until 2037, and give each
in the local time after the change, so calendars would be an hour out. Some calendar programs misread such lists in any
case.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Over 30 years, a rule such as "the last Sunday" produces every date it can, so no other rule produces the same dates.
YEARS_AHEAD = 30
MIN_YEARS_OF_A_RULE = 12
# vobject mistakes a zone for UTC if the two agree from 2000 to 2020, as they would for London if its onsets began
# later.
LATEST_BEGINNING = 2018
# No zone has ever changed its clocks and changed them back within three days.
STEP = timedelta(days=3)


class Onset(NamedTuple):
    """A moment at which the clocks change."""

    local: datetime  # naive, in the local time before the change, as RFC 5545 requires
    before: timedelta  # from UTC
    after: timedelta
    name: str


@lru_cache(maxsize=64)
def timezone_component(name: str, first_year: int, this_year: int) -> Timezone:
    """Return a zone's VTIMEZONE, correct from the start of `first_year` and, if its clocks follow a rule, for ever.

    Without a rule (Morocco's clocks follow Ramadan), it is correct until 30 years after `this_year`. Raises
    ZoneInfoNotFoundError for an unknown zone.
    """
    zone, last_year, first_year = ZoneInfo(name), this_year + YEARS_AHEAD, min(first_year, LATEST_BEGINNING)
    component = Timezone()
    component.add("tzid", name)
    begins = datetime(first_year, 1, 1, tzinfo=zone)
    offset = begins.utcoffset() or timedelta()
    component.add_component(_observance(Onset(begins.replace(tzinfo=None), offset, offset, begins.tzname() or name)))
    # By month, because Cairo needs two rules: the day after its last Thursday of October may be 1 November.
    kinds: dict[tuple[timedelta, timedelta, int], list[Onset]] = defaultdict(list)
    for onset in onsets(zone, first_year, last_year):
        kinds[onset.before, onset.after, onset.local.month].append(onset)
    for found in kinds.values():
        singles, first, rule = _split(found, last_year)
        for onset in singles:
            component.add_component(_observance(onset))
        if first:
            component.add_component(_observance(first, rule))
    return component


def onsets(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[Onset]:
    """Yield the moments at which a zone's clocks change, from `first_year` to `last_year` (inclusive)."""
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        following = moment + STEP
        if _offset(moment, zone) != _offset(following, zone):
            yield _onset(moment, following, zone)
        moment = following


def _onset(early: datetime, late: datetime, zone: ZoneInfo) -> Onset:
    """Return the onset between two moments in UTC, to the second."""
    before, after = _offset(early, zone), _offset(late, zone)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
    return Onset((late + before).replace(tzinfo=None), before, after, late.astimezone(zone).tzname() or zone.key)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _split(found: list[Onset], last_year: int) -> tuple[list[Onset], Onset | None, dict[str, Any]]:
    """Return the onsets before the rule begins, its first onset (or None), and the rule itself (or {})."""
    for start, onset in enumerate(found):
        if last_year - onset.local.year < MIN_YEARS_OF_A_RULE:
            break
        if rule := _rule([later.local for later in found[start:]], last_year):
            return found[:start], onset, rule
    return found, None, {}


def _rule(moments: list[datetime], last_year: int) -> dict[str, Any]:
    """Return the yearly rule that gives exactly these onsets in one month until `last_year`, or {} if none does."""
    month, weekday = moments[0].month, moments[0].weekday()
    days = range(min(moment.day for moment in moments), max(moment.day for moment in moments) + 1)
    dates = {date(year, month, day) for year in range(moments[0].year, last_year + 1) for day in days}
    if {day for day in dates if day.weekday() == weekday} != {moment.date() for moment in moments}:
        return {}
    if len({moment.time() for moment in moments}) != 1:
        return {}
    rule: dict[str, Any] = {"freq": "yearly", "bymonth": month}
    week, spare = divmod(days[0] - 1, len(DAYS))
    if len(days) == len(DAYS) and not spare and week < 4:
        return rule | {"byday": f"{week + 1}{DAYS[weekday]}"}
    if len(days) == len(DAYS) and days[-1] == monthrange(moments[0].year, month)[1]:
        return rule | {"byday": f"-1{DAYS[weekday]}"}
    # Such as Jerusalem's "the Friday on or after 23 March".
    return rule | {"byday": DAYS[weekday], "bymonthday": list(days)}


def _observance(onset: Onset, rule: dict[str, Any] | None = None) -> TimezoneDaylight | TimezoneStandard:
    observance = TimezoneDaylight() if onset.after > onset.before else TimezoneStandard()
    observance.add("dtstart", onset.local)
    observance.add("tzoffsetfrom", onset.before)
    observance.add("tzoffsetto", onset.after)
    observance.add("tzname", onset.name)
    if rule:
        observance.add("rrule", rule)
    return observance
