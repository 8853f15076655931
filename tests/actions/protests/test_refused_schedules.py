"""Schedules that the form, the database or publishing refuses, and those only just accepted."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.actions.factories import ProtestFactory, ScheduleFactory
from tests.actions.protests.series import protest, schedule
from tests.factories import publish

REFUSED = [
    ({"weekdays": []}, "weekdays"),
    ({"weekdays": [7]}, "weekdays"),
    ({"repeats": "monthly", "weekdays": [1, 2]}, "weekdays"),
    ({"repeats": "monthly", "ordinal": 6}, "ordinal"),
    ({"repeats": "monthly", "ordinal": 0}, "ordinal"),
    ({"every": 0}, "every"),
    ({"every": 53}, "every"),
    ({"repeats": "dates", "days": []}, "days"),
    ({"repeats": "dates", "days": [date(2026, 1, 1) + timedelta(days=day) for day in range(61)]}, "days"),
    ({"repeats": "dates", "days": [date(1, 1, 1)]}, "days"),
    ({"repeats": "yearly"}, "repeats"),
    ({"first_on": None}, "first_on"),
    ({"first_on": date(1, 1, 1)}, "first_on"),
    ({"first_on": date(9999, 12, 31)}, "first_on"),
    ({"last_on": date(9999, 12, 31)}, "last_on"),
    ({"last_on": date(2020, 7, 27)}, "last_on"),
    ({"first_on": date(2026, 11, 25), "last_on": date(2026, 11, 28)}, "last_on"),
    ({"repeats": "monthly", "weekdays": [6], "first_on": date(2026, 11, 2), "last_on": date(2026, 12, 5)}, "last_on"),
    ({"end_time": time(17)}, "end_time"),
    ({"end_time": time(18)}, "end_time"),
    ({"end_time": time(7)}, "end_time"),
    ({"start_time": time(0), "end_time": time(0)}, "end_time"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "field"), REFUSED, ids=str)
def test_a_rule_without_a_date_is_refused_beside_its_field(fields, field):
    with pytest.raises(ValidationError) as refused:
        schedule(**fields).full_clean(exclude=["protest", "place"])
    assert list(refused.value.message_dict) == [field]


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "end"), [(19, 0), (10, 0), (22, 1), (19, 7), (0, 1)])
def test_a_protest_may_end_at_midnight_or_within_twelve_hours_on_the_next_day(start, end):
    schedule(start_time=time(start), end_time=time(end)).full_clean(exclude=["protest", "place"])


def test_single_dates_decide_when_a_schedule_begins_and_ends():
    row = schedule(repeats="dates", weekdays=[], days=[date(2026, 12, 8), date(2026, 12, 6)], first_on=None)
    row.clean()

    assert (row.first_on, row.last_on) == (date(2026, 12, 6), date(2026, 12, 8))


@given(first=st.dates(date(1970, 1, 1), date(2190, 1, 1)), days=st.integers(0, 20), weekday=st.integers(0, 6))
def test_every_accepted_schedule_has_a_date(first, days, weekday):
    last = first + timedelta(days=days)
    row = schedule(first_on=first, last_on=last, weekdays=[weekday])
    has_one = any((first + timedelta(days=day)).weekday() == weekday for day in range(days + 1))

    try:
        row.clean()
    except ValidationError:
        assert not has_one
    else:
        assert has_one


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"weekdays": [9]}, "9 is not a valid Weekday"),
        ({"weekdays": []}, "no day of the week"),
        ({"every": 0}, "every week"),
        ({"repeats": "monthly", "ordinal": 9}, "9 is not a valid Ordinal"),
    ],
)
def test_an_impossible_rule_raises_instead_of_looping(fields, error):
    with pytest.raises(ValueError, match=error):
        next(protest(schedule(**fields)).regular_dates(date(2026, 11, 1)))


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"end_time": time(18)}, {"last_on": date(2020, 1, 1)}, {"every": 0}])
def test_the_database_refuses_impossible_schedules(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtestFactory(**{f"schedule__{name}": value for name, value in fields.items()})


@pytest.mark.django_db
@pytest.mark.parametrize("first_on", [date(2020, 7, 29), None])
def test_publishing_refuses_a_schedule_hidden_by_the_next_and_a_protest_without_any(first_on):
    row = ProtestFactory(schedule=first_on is not None)
    if first_on:
        row.schedules.update(first_on=date(2020, 7, 29))
        ScheduleFactory(protest=row, first_on=date(2020, 8, 3))

    with pytest.raises(Exception, match="1 to correct"):
        publish(row)
