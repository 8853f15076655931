"""Charts of counts over time, and bars that compare counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.charts import BAR_WIDTH, MAX_TICKS, bars, draw

DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


def chart_of(first, last):
    return draw([(first, 10), (last, 30)])


@pytest.mark.parametrize(
    ("first", "last", "dates"),
    [
        (date(2026, 3, 4), date(2026, 3, 6), ["2026-03-04", "2026-03-05", "2026-03-06"]),
        (date(2026, 3, 3), date(2026, 3, 8), ["2026-03-03", "2026-03-05", "2026-03-07"]),
        (date(2026, 3, 3), date(2026, 3, 31), ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]),
        (date(2026, 1, 20), date(2026, 4, 20), ["2026-02-01", "2026-03-01", "2026-04-01"]),
        (date(2025, 11, 20), date(2026, 11, 20), ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]),
        (date(2022, 11, 20), date(2026, 11, 20), ["2023-01-01", "2024-01-01", "2025-01-01", "2026-01-01"]),
    ],
)
def test_the_dates_below_a_chart_are_round(first, last, dates):
    assert [tick.day.isoformat() for tick in chart_of(first, last).ticks] == dates


@given(DAYS, st.integers(1, 20_000))
def test_there_are_always_some_dates_but_never_more_than_fit(first, days):
    ticks = chart_of(first, first + timedelta(days=days)).ticks

    assert 1 < len(ticks) <= MAX_TICKS
    assert all(0 <= tick.across <= 100 for tick in ticks)
    assert {tick.anchor for tick in ticks if tick.across in (0, 100)} <= {"start", "end"}


def test_a_chart_knows_where_its_line_ends():
    chart = chart_of(date(2026, 1, 1), date(2026, 2, 1))

    assert (chart.first_count, chart.last_count) == (10, 30)
    assert float(chart.line.split(",")[-1]) / chart.height * 100 == pytest.approx(chart.end)
    assert chart.scale == [(100, 0), (50, 20), (0, 40)]


def test_the_largest_count_fills_the_width_and_the_others_are_in_proportion():
    assert [bar.length for bar in bars([("Learn", 40), ("Write", 10), ("Visit", 0)])] == [BAR_WIDTH, BAR_WIDTH / 4, 0]


def test_a_given_whole_sets_the_scale_and_no_bar_is_longer():
    assert [bar.length for bar in bars([("Learn", 40), ("Write", 300)], whole=200)] == [BAR_WIDTH / 5, BAR_WIDTH]


def test_without_counts_there_are_no_bars_and_zeros_have_empty_bars():
    assert bars([]) == []
    assert [bar.length for bar in bars([("Learn", 0)])] == [0]
