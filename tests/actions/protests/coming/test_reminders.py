"""The reminder that attendees get the day before."""

from datetime import UTC, date, datetime, timedelta

from actions.protests.coming.queuing import queue_reminders
from actions.protests.models import Attendee, ProtestChange
from tests.actions.factories import AttendeeFactory, ProtestFactory
from tests.actions.protests.coming.conftest import DAY_BEFORE, REGULAR, TUESDAY, change
from tests.mail.links import link_in


def test_the_reminder_is_sent_once_from_ten_in_the_morning_on_the_day_before(attendee, send):
    assert send(DAY_BEFORE - timedelta(minutes=1)) == []
    (message,) = send(DAY_BEFORE)

    assert REGULAR in message.body
    assert "Chinese embassy, 49 Portland Place" in message.body
    assert send(DAY_BEFORE + timedelta(hours=3)) == []


def test_the_reminder_follows_the_protests_local_time(protest, send):
    there = ProtestFactory(timezone="America/New_York", takes_names=True)
    AttendeeFactory(protest=there, on=TUESDAY)

    assert send(DAY_BEFORE) == []
    assert REGULAR in send(DAY_BEFORE + timedelta(hours=5))[0].body


def test_somebody_who_confirms_after_the_reminder_gets_none(protest, client, come, send, time_machine):
    time_machine.move_to(DAY_BEFORE + timedelta(hours=1), tick=False)
    come()
    client.post(link_in(send(DAY_BEFORE + timedelta(hours=1))[0], "/protests/coming/confirm/"))

    assert Attendee.objects.confirmed().count() == 1
    assert send(DAY_BEFORE + timedelta(hours=2)) == []


def test_nobody_is_reminded_of_a_cancelled_or_unconfirmed_date_or_once_it_has_begun(attendee, protest):
    AttendeeFactory(protest=protest, on=TUESDAY, confirmed_at=None)
    begun = datetime(2026, 11, 24, 18, tzinfo=UTC)
    assert queue_reminders(begun) == 0
    change(protest, kind="cancelled")
    assert queue_reminders(DAY_BEFORE) == 0
    ProtestChange.objects.all().delete()
    assert queue_reminders(DAY_BEFORE) == 1


def test_a_date_that_is_moved_after_the_reminder_gets_another_the_day_before(attendee, protest, send):
    send(DAY_BEFORE)
    change(protest, kind="moved", new_on=date(2026, 11, 30))
    assert len(send(DAY_BEFORE + timedelta(hours=1))) == 1

    (message,) = send(datetime(2026, 11, 29, 10, tzinfo=UTC))
    assert "Monday 30 November 2026, 6pm to 7pm" in message.body


def test_two_workers_queue_one_reminder(attendee):
    assert [queue_reminders(DAY_BEFORE), queue_reminders(DAY_BEFORE)] == [1, 0]
