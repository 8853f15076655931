"""Schedules: the days and times that a rule gives, and the rule in words."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.actions.protests.series import protest, schedule, single_dates
from tests.sizes import size

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JANUARY = date(2027, 1, 1)


def first(row, count, since=date(2026, 11, 1)):
    return [day.isoformat() for day in islice(row.regular_dates(since), count)]


def starts(row, now=NOW, count=5):
    return [occasion.starts.strftime("%d %b %H:%M %z") for occasion in row.dates(now, count)]


# --- Rules


def test_the_next_five_dates_are_tuesdays_at_six():
    assert starts(protest()) == [
        *("24 Nov 18:00 +0000", "01 Dec 18:00 +0000", "08 Dec 18:00 +0000", "15 Dec 18:00 +0000", "22 Dec 18:00 +0000")
    ]


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"weekdays": [1, 3]}, ["2026-11-03", "2026-11-05", "2026-11-10"]),
        ({"repeats": "monthly", "weekdays": [6]}, ["2026-11-01", "2026-12-06", "2027-01-03"]),
        ({"repeats": "monthly", "weekdays": [6], "ordinal": -1}, ["2026-11-29", "2026-12-27", "2027-01-31"]),
        ({"repeats": "monthly", "weekdays": [4], "ordinal": 4}, ["2026-11-27", "2026-12-25", "2027-01-22"]),
        ({"last_on": date(2026, 11, 10)}, ["2026-11-03", "2026-11-10"]),
    ],
)
def test_each_kind_of_rule_gives_its_days(fields, days):
    assert first(protest(schedule(**fields)), 3) == days


def test_every_second_week_counts_from_the_week_of_the_first_actual_date():
    # The first Tuesday or Thursday from Friday 6 November on is in the following week, which is therefore the first.
    row = protest(schedule(weekdays=[1, 3], every=2, first_on=date(2026, 11, 6)))

    assert first(row, 4) == ["2026-11-10", "2026-11-12", "2026-11-24", "2026-11-26"]
    assert first(row, 2, since=date(2026, 11, 13)) == ["2026-11-24", "2026-11-26"]


def test_the_first_week_may_begin_after_its_first_day():
    row = protest(schedule(weekdays=[1, 3], every=2, first_on=date(2026, 11, 11)))

    assert first(row, 3) == ["2026-11-12", "2026-11-24", "2026-11-26"]


def test_single_dates_come_in_order():
    assert first(protest(single_dates(date(2026, 12, 6), date(2026, 11, 8))), 3) == ["2026-11-08", "2026-12-06"]


def test_a_schedule_may_begin_on_29_february():
    row = protest(schedule(repeats="monthly", weekdays=[1], ordinal=-1, first_on=date(2028, 2, 29)))

    assert first(row, 2, since=date(2028, 1, 1)) == ["2028-02-29", "2028-03-28"]


def test_a_change_from_a_date_leaves_earlier_dates_alone():
    row = protest(schedule(), schedule(start_time=time(19), end_time=time(20), first_on=date(2027, 1, 5)))

    assert starts(row, datetime(2026, 12, 28, tzinfo=UTC), 3) == [
        *("29 Dec 18:00 +0000", "05 Jan 19:00 +0000", "12 Jan 19:00 +0000")
    ]
    assert starts(row, datetime(2020, 8, 1, tzinfo=UTC), 1) == ["04 Aug 18:00 +0100"]


def test_a_schedule_ends_when_the_next_begins_even_if_that_has_no_date_yet():
    row = protest(schedule(), schedule(weekdays=[6], first_on=date(2026, 11, 9)))

    assert first(row, 3) == ["2026-11-03", "2026-11-15", "2026-11-22"]


def test_no_dates_come_between_a_last_date_and_the_next_schedule():
    row = protest(schedule(last_on=date(2026, 11, 4)), schedule(first_on=JANUARY))

    assert first(row, 3) == ["2026-11-03", "2027-01-05", "2027-01-12"]


# --- Clocks


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (datetime(2027, 3, 25, tzinfo=UTC), "30 Mar 18:00 +0100"),
        (datetime(2027, 10, 27, tzinfo=UTC), "02 Nov 18:00 +0000"),
    ],
)
def test_the_local_time_stays_six_when_the_clocks_change(now, following):
    assert starts(protest(), now)[0] == following


def test_a_time_that_the_clock_skips_is_an_hour_later_and_lasts_as_long():
    row = protest(schedule(weekdays=[6], start_time=time(1, 30), end_time=time(1, 50)))

    [occasion] = row.occasions(date(2027, 3, 28), date(2027, 3, 28))
    assert (occasion.starts.isoformat(), occasion.ends.isoformat()) == (
        *("2027-03-28T02:30:00+01:00", "2027-03-28T02:50:00+01:00"),
    )


def test_a_time_that_the_clock_shows_twice_is_the_first():
    row = protest(schedule(weekdays=[6], start_time=time(1, 30), end_time=time(2, 30)))

    [occasion] = row.occasions(date(2027, 10, 31), date(2027, 10, 31))
    assert occasion.starts.isoformat() == "2027-10-31T01:30:00+01:00"
    assert occasion.ends.timestamp() - occasion.starts.timestamp() == 2 * 60 * 60


@pytest.mark.parametrize(
    ("start", "end", "starts", "ends"),
    [
        (time(19), time(0), "2026-11-29T19:00:00+00:00", "2026-11-30T00:00:00+00:00"),
        (time(22), time(1), "2026-11-29T22:00:00+00:00", "2026-11-30T01:00:00+00:00"),
    ],
)
def test_an_end_that_is_not_after_the_start_is_on_the_next_day(start, end, starts, ends):
    row = protest(schedule(weekdays=[6], start_time=start, end_time=end))

    [occasion] = row.occasions(date(2026, 11, 29), date(2026, 11, 29))
    assert (occasion.starts.isoformat(), occasion.ends.isoformat()) == (starts, ends)
    assert row.next_date(occasion.ends - timedelta(minutes=1)) == occasion
    assert row.next_date(occasion.ends).on == date(2026, 12, 6)


@pytest.mark.parametrize(
    ("end", "ends"), [(time(3), "2027-03-28T03:00:00+01:00"), (time(1, 30), "2027-03-28T02:30:00+01:00")]
)
def test_a_protest_on_the_night_when_the_clocks_change_ends_in_the_new_time(end, ends):
    row = protest(schedule(weekdays=[5], start_time=time(22), end_time=end))

    [occasion] = row.occasions(date(2027, 3, 27), date(2027, 3, 27))
    assert occasion.ends.isoformat() == ends


def test_a_protest_is_shown_until_it_ends():
    end = datetime(2026, 11, 24, 19, tzinfo=ZoneInfo("Europe/London"))

    assert starts(protest(), end - timedelta(minutes=1))[0].startswith("24 Nov")
    assert starts(protest(), end)[0].startswith("01 Dec")


# --- In words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Every Tuesday, 6pm to 7pm"),
        ({"weekdays": [1, 3], "every": 2}, "Every second Tuesday and Thursday, 6pm to 7pm"),
        ({"weekdays": [0, 1, 2], "every": 3}, "Every third Monday, Tuesday and Wednesday, 6pm to 7pm"),
        ({"every": 4}, "Every 4 weeks on Tuesday, 6pm to 7pm"),
        ({"weekdays": list(range(7)), "start_time": time(12)}, "Every day, midday to 7pm"),
        ({"repeats": "monthly", "weekdays": [6]}, "First Sunday of each month, 6pm to 7pm"),
        ({"repeats": "monthly", "weekdays": [6], "ordinal": -1}, "Last Sunday of each month, 6pm to 7pm"),
        ({"start_time": time(19), "end_time": time(0)}, "Every Tuesday, 7pm to midnight"),
        ({"start_time": time(22), "end_time": time(1)}, "Every Tuesday, 10pm to 1am"),
    ],
)
def test_a_rule_reads_as_people_say_it(fields, words):
    assert schedule(**fields).in_words == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([6], "Sunday 6 December 2026, 4pm to 5pm"),
        ([6, 8], "Sunday 6 December 2026 and Tuesday 8 December 2026, 4pm to 5pm"),
        ([6, 8, 9, 10], "4 dates from Sunday 6 December 2026 to Thursday 10 December 2026, 4pm to 5pm"),
    ],
)
def test_single_dates_are_named(days, words):
    dates = [date(2026, 12, day) for day in days]

    assert single_dates(*dates, start_time=time(16), end_time=time(17)).in_words == words


@given(weekday=st.integers(0, 6), week=st.integers(0, 2000))
def test_every_week_has_the_same_day_and_time(weekday, week):
    now = NOW + timedelta(weeks=week)

    for occasion in protest(schedule(weekdays=[weekday])).dates(now, size(2, 5)):
        assert occasion.starts.weekday() == weekday
        assert (occasion.starts.hour, occasion.ends.hour) == (18, 19)
        assert occasion.ends > now
