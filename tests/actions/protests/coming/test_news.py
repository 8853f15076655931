"""News for attendees when a date is cancelled, moved or reinstated."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from actions.protests.coming.queuing import queue_news, queue_reminders
from actions.protests.models import Protest, Schedule
from tests.actions.factories import AttendeeFactory, PlaceFactory, ScheduleFactory
from tests.actions.protests.coming.conftest import DAY_BEFORE, NEXT_TUESDAY, NOW, REGULAR, TUESDAY, change
from tests.factories import publish


def test_a_cancellation_is_mailed_with_its_reason_and_only_once(attendee, protest, send):
    AttendeeFactory(protest=protest, on=NEXT_TUESDAY)
    AttendeeFactory(protest=protest, on=TUESDAY, confirmed_at=None)
    change(protest, kind="cancelled", note="The square is closed")
    (message,) = send()

    assert message.to == [attendee.email]
    assert f"Cancelled: {REGULAR}" in message.body
    assert "The square is closed" in message.body
    assert send(NOW + timedelta(minutes=10)) == []


@pytest.mark.parametrize(
    ("fields", "now"),
    [
        ({"new_start": time(17, 30)}, "Tuesday 24 November 2026, 5:30pm to 6:30pm"),
        ({"new_on": date(2026, 11, 25)}, "Wednesday 25 November 2026, 6pm to 7pm"),
        ({"new_end": time(20)}, "Tuesday 24 November 2026, 6pm to 8pm"),
        ({"new_start": time(22), "new_end": time(1)}, "Tuesday 24 November 2026, 10pm to 1am"),
    ],
)
def test_a_new_time_is_mailed_beside_the_old_one(attendee, protest, send, fields, now):
    change(protest, kind="moved", **fields)
    (message,) = send()

    assert f"Before: {REGULAR}" in message.body
    assert f"Now: {now}" in message.body


def test_a_new_place_is_mailed_beside_the_old_one(attendee, protest, send):
    change(protest, kind="moved", new_place=PlaceFactory(name="Town hall", address="High Street"))
    (message,) = send()

    assert message.body.index("Chinese embassy, 49 Portland Place") < message.body.index("Town hall, High Street")


def test_a_reinstated_date_is_mailed(attendee, protest, send):
    change(protest, kind="cancelled")
    send()
    change(protest, kind="as_usual")
    (message,) = send(NOW + timedelta(minutes=10))

    assert f"will take place after all: {REGULAR}" in message.body


def test_a_change_undone_before_its_message_goes_out_sends_nothing(attendee, protest, send):
    change(protest, kind="cancelled")
    queue_news(NOW)
    change(protest, kind="as_usual")

    assert send() == []
    change(protest, kind="cancelled")
    assert len(send(NOW + timedelta(minutes=10))) == 1


def test_two_changes_within_minutes_send_one_message_about_the_last(attendee, protest, send):
    change(protest, kind="moved", new_start=time(16))
    queue_news(NOW)
    change(protest, kind="moved", new_start=time(17))
    (message,) = send()

    assert "Now: Tuesday 24 November 2026, 5pm to 6pm" in message.body
    assert "4pm" not in message.body


def test_somebody_who_posts_the_form_after_a_change_is_not_mailed_about_it(protest, send):
    change(protest, kind="moved", new_start=time(17))
    AttendeeFactory(protest=protest, on=TUESDAY)

    assert send() == []


def cancel_in_the_schedule(protest):
    Schedule.objects.get(protest=protest).delete()
    ScheduleFactory(protest=protest, first_on=NEXT_TUESDAY)


def take_off_the_site(protest):
    publish(protest, published=False, check=False)


@pytest.mark.parametrize("cancel", [cancel_in_the_schedule, take_off_the_site])
def test_a_date_that_no_longer_exists_is_mailed_as_cancelled(attendee, protest, send, cancel):
    cancel(protest)
    (message,) = send()

    assert f"Cancelled: {REGULAR}" in message.body
    assert "This date is no longer on our website. Please do not come." in message.body


def later_for_everybody(protest):
    Schedule.objects.update(start_time=time(17))


def correct_the_place(protest):
    place = Schedule.objects.get().place
    place.address = "1 Other Street\nLondon"
    place.save()


def another_time_zone(protest):
    Protest.objects.update(timezone="Europe/Paris")


@pytest.mark.parametrize("alter", [later_for_everybody, correct_the_place, another_time_zone])
def test_a_date_that_changes_in_any_other_way_is_mailed(attendee, protest, send, alter):
    alter(protest)

    assert len(send()) == 1
    assert send(NOW + timedelta(minutes=10)) == []


def test_deleting_a_change_is_mailed(attendee, protest, send):
    moved = change(protest, kind="moved", new_start=time(17))
    send()
    moved.delete()

    assert f"Now: {REGULAR}" in send(NOW + timedelta(minutes=10))[0].body


def test_a_reminder_of_a_changed_date_reports_the_change_instead(attendee, protest, send):
    queue_reminders(DAY_BEFORE)
    change(protest, kind="cancelled")
    (message,) = send(DAY_BEFORE)

    assert f"Cancelled: {REGULAR}" in message.body


def test_nothing_is_sent_after_the_date(attendee, protest, send):
    change(protest, kind="cancelled")

    assert send(datetime(2026, 11, 24, 19, tzinfo=UTC)) == []
