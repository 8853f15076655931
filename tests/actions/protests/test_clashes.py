"""Clashes with Jewish holy days, fasts, Shabbat and bank holidays, compared with an independent calculation."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.protests.clashes import Kind, bank_holidays_of, clashes
from actions.protests.undecided import clashes_of
from tests.actions.protests.jewish_days import fasts, new_year, passover, yom_tov
from tests.actions.protests.series import protest, schedule

ENGLAND, LONDON, NEW_YORK = "GB-ENG", "Europe/London", "America/New_York"
JEWISH_YEARS = range(5786, 5799)
YOM_TOV, FASTS = yom_tov(JEWISH_YEARS), fasts(JEWISH_YEARS)
# The rule for the ninth of Av: 112 days after Passover, or a day later if that is a Saturday.
NINTHS = {day for day in FASTS if any((day - passover(year)).days in (112, 113) for year in JEWISH_YEARS)}
FIRST = date(2026, 11, 23)
WEEKS = 522
# GOV.UK's rules for substitute days, worked out by hand: every English bank holiday on one of the 522 Tuesdays.
TUESDAY_BANK_HOLIDAYS = {
    *(date(2027, 12, 28), date(2028, 12, 26), date(2029, 12, 25), date(2030, 1, 1), date(2032, 12, 28)),
    *(date(2033, 12, 27), date(2034, 12, 26), date(2035, 12, 25), date(2036, 1, 1)),
}
ONE_DAY = timedelta(1)


def found(day, starts="18:00", ends="19:00", zone=LONDON, nation=ENGLAND, **options):
    """Return a protest's clashes on a day. If `ends` is before `starts`, it ends on the next day."""
    first, last = (time.fromisoformat(one) for one in (starts, ends))
    end_day = day if last > first else day + ONE_DAY
    here = ZoneInfo(zone)
    return clashes(datetime.combine(day, first, here), datetime.combine(end_day, last, here), zone, nation, **options)


def kinds(*args, **options):
    return [clash.kind for clash in found(*args, **options)]


def days_with(kind, weekday, **options):
    """Return the dates with this kind of clash among 522 consecutive dates on one day of the week."""
    days = [FIRST + timedelta(weekday + 7 * week) for week in range(WEEKS)]
    return {day for day in days if kind in kinds(day, **options)}


def reckoned(weekday, evening):
    """Return the dates among the same 522 with each kind of Jewish clash, according to the calendar's arithmetic."""
    days = {FIRST + timedelta(weekday + 7 * week) for week in range(WEEKS)}
    eves = {day for day in days if evening and day + ONE_DAY in YOM_TOV and day not in YOM_TOV}
    ninths = {day for day in days if evening and day + ONE_DAY in NINTHS}
    return {Kind.YOM_TOV: days & YOM_TOV, Kind.EVE: eves, Kind.FAST: (days & FASTS) | ninths}


def test_the_arithmetic_gives_the_published_dates():
    assert (new_year(5787), passover(5787)) == (date(2026, 9, 12), date(2027, 4, 22))
    assert {date(2027, 8, 12), date(2027, 3, 22), date(2026, 12, 20)} <= FASTS


def test_exactly_the_clashes_in_ten_years_of_tuesday_evenings_are_found():
    expected = reckoned(1, evening=True)
    assert [len(expected[kind]) for kind in (Kind.YOM_TOV, Kind.EVE, Kind.FAST)] == [17, 10, 8]
    assert min(expected[Kind.EVE]) == date(2027, 4, 27)

    for kind, days in expected.items():
        assert days_with(kind, 1) == days
    assert days_with(Kind.SHABBAT, 1) == set()
    assert days_with(Kind.BANK_HOLIDAY, 1) == TUESDAY_BANK_HOLIDAYS
    assert len(TUESDAY_BANK_HOLIDAYS) == 9


@pytest.mark.parametrize(
    ("weekday", "zone", "hours"),
    [
        (0, LONDON, ("18:00", "19:00")),
        (0, NEW_YORK, ("18:00", "19:00")),
        (1, LONDON, ("10:00", "11:00")),
        (4, NEW_YORK, ("18:00", "19:00")),
        (5, LONDON, ("20:00", "22:00")),
        (6, NEW_YORK, ("10:00", "12:00")),
    ],
)
def test_other_weekdays_hours_and_zones_agree_too(weekday, zone, hours):
    starts, ends = hours
    evening = ends > "16:00"
    for kind, days in reckoned(weekday, evening).items():
        assert days_with(kind, weekday, starts=starts, ends=ends, zone=zone) == days


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("10:00", "11:00", []),
        ("15:00", "16:00", []),
        ("15:00", "16:01", [Kind.EVE]),
        ("16:00", "17:00", [Kind.EVE]),
        ("22:00", "02:00", [Kind.YOM_TOV]),
    ],
)
def test_a_jewish_day_begins_at_four_on_the_day_before(starts, ends, expected):
    assert kinds(passover(5787) - ONE_DAY, starts, ends) == expected


@pytest.mark.parametrize(
    ("day", "starts", "ends", "expected"),
    [
        (date(2026, 11, 26), "18:00", "19:00", []),
        (date(2026, 11, 26), "22:00", "02:00", []),
        (date(2026, 11, 27), "10:00", "11:00", []),
        (date(2026, 11, 27), "15:30", "16:30", [Kind.SHABBAT]),
        (date(2026, 11, 28), "10:00", "11:00", [Kind.SHABBAT]),
        (date(2026, 11, 28), "20:00", "21:00", [Kind.SHABBAT]),
        (date(2026, 11, 28), "23:00", "00:00", [Kind.SHABBAT]),
        (date(2026, 11, 29), "00:00", "01:00", []),
    ],
)
def test_friday_evening_and_saturday_are_shabbat(day, starts, ends, expected):
    assert kinds(day, starts, ends) == expected


def test_times_are_local_to_the_place():
    in_london = datetime(2027, 1, 1, 1, tzinfo=ZoneInfo(LONDON))

    assert clashes(in_london, in_london + timedelta(hours=1), NEW_YORK, "US") == []
    assert clashes(in_london, in_london + timedelta(hours=9), NEW_YORK, "US") != []


@pytest.mark.parametrize(
    ("day", "starts", "sentence"),
    [
        ("2027-04-22", "18:00", "It is Passover (first day)."),
        ("2027-04-21", "18:00", "It is the eve of Passover (first day), which begins that evening."),
        ("2027-04-29", "10:00", "It is Passover (eighth day)."),
        ("2027-04-29", "18:00", "It is Passover (eighth day), which ends at nightfall."),
        ("2027-08-11", "18:00", "It is the evening on which Tisha B’Av (the Fast of the Ninth of Av) begins."),
        ("2028-01-03", "18:00", "It is a bank holiday: New Year’s Day (substitute day)."),
    ],
)
def test_the_sentence_for_organisers_names_the_day(day, starts, sentence):
    assert found(date.fromisoformat(day), starts)[0].sentence == sentence


@pytest.mark.parametrize(
    ("day", "note"),
    [
        (date(2027, 4, 22), "No protest: Passover (first day)"),
        (date(2027, 4, 21), "No protest: Passover (first day) begins this evening"),
    ],
)
def test_the_reason_for_cancelling_names_the_day(day, note):
    assert found(day)[0].note == note


def test_a_protest_that_ends_at_midnight_does_not_clash_with_the_next_day():
    maundy_thursday = date(2027, 3, 25)

    assert kinds(maundy_thursday, "23:00", "00:00") == []
    assert kinds(maundy_thursday, "23:00", "00:01") == [Kind.BANK_HOLIDAY]


@pytest.mark.parametrize(
    ("weekday", "day", "end", "expected"),
    [
        (2, passover(5787) - ONE_DAY, time(0), [Kind.EVE]),
        (2, passover(5787) - ONE_DAY, time(1), [Kind.YOM_TOV]),
        (3, date(2027, 3, 25), time(0), []),
        (3, date(2027, 3, 25), time(1), [Kind.BANK_HOLIDAY]),
    ],
)
def test_a_schedule_past_midnight_clashes_with_the_next_day_only_if_it_reaches_it(weekday, day, end, expected):
    late = schedule(weekdays=[weekday], start_time=time(19), end_time=end)
    row = protest(late, warn_of_holy_days=True, warn_of_bank_holidays=True)

    assert [clash.kind for clash in clashes_of(row.occasion(day))] == expected


def test_the_most_serious_clash_comes_first():
    assert kinds(date(2027, 10, 2), nation=ENGLAND) == [Kind.YOM_TOV, Kind.SHABBAT]
    assert kinds(date(2028, 4, 14)) == [Kind.SHABBAT, Kind.BANK_HOLIDAY]


def test_only_the_requested_kinds_of_clash_are_found():
    good_friday = date(2028, 4, 14)

    assert kinds(good_friday, kinds=[Kind.BANK_HOLIDAY]) == [Kind.BANK_HOLIDAY]
    assert kinds(good_friday, kinds=[Kind.SHABBAT, Kind.FAST]) == [Kind.SHABBAT]


@pytest.mark.parametrize(
    ("day", "nation", "name"),
    [
        (date(2027, 7, 12), "GB-NIR", "Battle of the Boyne"),
        (date(2026, 11, 30), "GB-SCT", "Saint Andrew’s Day"),
        (date(2027, 7, 14), "FR", "National Day"),
        (date(2027, 12, 31), "US", "New Year’s Day (observed)"),
    ],
)
def test_each_nation_has_its_own_bank_holidays(day, nation, name):
    assert bank_holidays_of(nation, day.year).get(day) == name
    assert bank_holidays_of(ENGLAND, day.year).get(day) is None


@pytest.mark.parametrize("nation", ["", "XX", "GB-XXX", "-", "gb"])
def test_an_unknown_nation_has_no_bank_holidays(nation):
    assert bank_holidays_of(nation, 2027) == {}
