"""Changed dates: cancelled, moved in time or place, and reinstated."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actions.protests.models import Protest, ProtestChange
from tests.actions.factories import ProtestFactory
from tests.actions.protests.series import ELSEWHERE, PLACE, change, protest, schedule, single_dates

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)


def test_a_cancelled_date_is_marked_and_skipped_as_the_next_date():
    row = protest(changes=[change(TUESDAY, note="Holiday")])

    [cancelled, following] = row.dates(NOW, 2)
    assert (cancelled.cancelled, cancelled.note, cancelled.on) == (True, "Holiday", TUESDAY)
    assert row.next_date(NOW) == following


def test_a_reinstated_date_is_the_next_date_again():
    row = protest(changes=[change(TUESDAY, "as_usual", note="The snow has gone")])

    occasion = row.next_date(NOW)
    assert (occasion.on, occasion.cancelled, occasion.moved, occasion.note) == (
        *(TUESDAY, False, False, "The snow has gone"),
    )


@pytest.mark.parametrize(
    ("fields", "starts", "minutes", "place"),
    [
        ({"new_on": date(2026, 11, 25)}, "2026-11-25T18:00:00+00:00", 60, PLACE),
        ({"new_start": time(17, 30)}, "2026-11-24T17:30:00+00:00", 60, PLACE),
        ({"new_end": time(20)}, "2026-11-24T18:00:00+00:00", 120, PLACE),
        ({"new_start": time(23, 30)}, "2026-11-24T23:30:00+00:00", 60, PLACE),
        ({"new_end": time(0)}, "2026-11-24T18:00:00+00:00", 360, PLACE),
        ({"new_start": time(22), "new_end": time(1)}, "2026-11-24T22:00:00+00:00", 180, PLACE),
        ({"new_place": ELSEWHERE}, "2026-11-24T18:00:00+00:00", 60, ELSEWHERE),
        (
            {"new_on": date(2026, 11, 26), "new_start": time(12), "new_end": time(14), "new_place": ELSEWHERE},
            *("2026-11-26T12:00:00+00:00", 120, ELSEWHERE),
        ),
    ],
)
def test_a_date_can_be_moved_in_time_in_place_or_both(fields, starts, minutes, place):
    [occasion] = protest(changes=[change(TUESDAY, "moved", **fields)]).dates(NOW, 1)

    assert (occasion.starts.isoformat(), occasion.moved, occasion.place) == (starts, True, place)
    assert occasion.ends - occasion.starts == timedelta(minutes=minutes)


def test_the_new_time_is_local_to_the_protest():
    row = protest(timezone="America/New_York", changes=[change(TUESDAY, "moved", new_start=time(15))])

    assert row.dates(NOW, 1)[0].starts.isoformat() == "2026-11-24T15:00:00-05:00"


@pytest.mark.parametrize("on", [date(2026, 11, 17), date(2027, 3, 30)])
def test_a_date_moved_to_another_week_is_found(on):
    row = protest(changes=[change(on, "moved", new_on=date(2026, 11, 23))])

    assert [one.on for one in row.dates(NOW, 2)] == [on, TUESDAY]
    assert on not in [one.on for one in row.occasions(on, on)]


def test_a_date_moved_to_before_the_first_one_is_found():
    row = protest(schedule(first_on=TUESDAY), changes=[change(TUESDAY, "moved", new_on=date(2026, 11, 23))])

    assert row.next_date(NOW).starts.date() == date(2026, 11, 23)


def test_a_protest_that_continues_past_midnight_is_still_shown():
    row = protest(changes=[change(TUESDAY, "moved", new_start=time(23, 30))])

    assert row.next_date(datetime(2026, 11, 25, 0, 15, tzinfo=UTC)).on == TUESDAY


def test_a_new_end_that_no_longer_fits_the_schedule_has_no_effect():
    later = schedule(start_time=time(20), end_time=time(21))
    [occasion] = protest(later, changes=[change(TUESDAY, "moved", new_end=time(19))]).dates(NOW, 1)

    assert occasion.ends - occasion.starts == timedelta(hours=1)


def test_dates_moved_long_ago_are_not_worked_out(monkeypatch):
    old = [change(TUESDAY - timedelta(weeks=week), "moved", new_start=time(17)) for week in range(2, 100)]
    new = change(TUESDAY, "moved", new_start=time(17))
    row, worked_out = protest(changes=[*old, new]), []
    changed = Protest._changed
    monkeypatch.setattr(Protest, "_changed", lambda row, change: worked_out.append(change) or changed(row, change))

    assert row.next_date(NOW).starts.hour == 17
    assert worked_out == [new]


def test_a_new_time_that_the_clock_skips_at_midnight_is_found_on_the_next_day():
    saturday, sunday = date(2027, 3, 27), date(2027, 3, 28)
    changes = [change(TUESDAY, "moved", new_on=saturday, new_start=time(23, 30))]
    row = protest(timezone="America/Nuuk", changes=changes)

    assert [one.starts.isoformat() for one in row.occasions(sunday, sunday)] == ["2027-03-28T00:30:00-01:00"]


@pytest.mark.django_db
def test_changed_dates_that_are_over_are_not_loaded_for_pages():
    row = ProtestFactory()
    kept = [(TUESDAY, None), (date(2026, 10, 6), date(2026, 12, 2)), (date(2027, 1, 5), date(2026, 11, 1))]
    for on, new_on in [(date(2026, 10, 13), date(2026, 10, 14)), (date(2026, 10, 20), None), *kept]:
        ProtestChange.objects.create(protest=row, on=on, kind="moved", new_on=new_on, new_start=time(17))

    loaded = Protest.objects.with_dates_to_come(NOW).get()
    assert {(one.on, one.new_on) for one in loaded.changes.all()} == set(kept)
    assert loaded.dates(NOW, 20) == Protest.objects.with_dates().get().dates(NOW, 20)


def test_the_next_date_is_found_after_300_cancelled_ones():
    cancelled = [change(TUESDAY + timedelta(weeks=week)) for week in range(300)]
    row = protest(changes=cancelled)

    assert row.next_date(NOW).on == TUESDAY + timedelta(weeks=300)
    assert protest(schedule(last_on=cancelled[-1].on), changes=cancelled).next_date(NOW) is None


def test_a_change_applies_only_while_its_date_is_regular():
    changes = [change(TUESDAY), change(date(2026, 12, 1), "moved", new_on=date(2026, 11, 27))]
    row = protest(schedule(weekdays=[3]), changes=changes)

    assert [one.on for one in row.dates(NOW, 2)] == [date(2026, 11, 26), date(2026, 12, 3)]
    assert row.occasion(TUESDAY) is None


def test_an_occasion_is_found_by_its_regular_date():
    row = protest(single_dates(TUESDAY), changes=[change(TUESDAY, "moved", new_on=date(2027, 1, 1))])

    assert row.occasion(TUESDAY).starts.date() == date(2027, 1, 1)
    assert row.occasion(date(2027, 1, 1)) is None


@pytest.mark.django_db
def test_a_move_that_changes_nothing_is_refused():
    with pytest.raises(ValidationError, match="Enter the new date, time or place"):
        change(TUESDAY, "moved").full_clean(exclude=["protest"])


def test_cancelling_a_moved_date_clears_its_new_time_and_place():
    row = change(TUESDAY, "cancelled", new_on=date(2026, 11, 25), new_start=time(15), new_place=ELSEWHERE)
    row.clean()

    assert (row.new_on, row.new_start, row.new_place) == (None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"kind": "moved"}, {"kind": "moved", "new_start": time(18), "new_end": time(18)}], ids=str
)
def test_the_database_refuses_impossible_changes(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtestChange.objects.create(protest=ProtestFactory(), on=TUESDAY, **fields)
