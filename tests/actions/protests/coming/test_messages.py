"""The reminder the day before, and the messages when a date is cancelled, moved or reinstated."""

import re
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command

from actions.protests.coming.queuing import queue_news, queue_reminders
from actions.protests.models import Attendee, Protest, ProtestChange, Schedule
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.accounts.organisers import sign_in
from tests.actions.factories import AttendeeFactory, PlaceFactory, ProtestFactory, ScheduleFactory
from tests.actions.protests.coming.conftest import NEXT_TUESDAY, NOW, TUESDAY, link
from tests.editing.filled_in import filled_in
from tests.factories import publish
from tests.mail.conftest import Inbox
from tests.mailserver import mail_server

DAY_BEFORE = datetime(2026, 11, 23, 10, tzinfo=UTC)
TELLING = re.compile(
    r"uyghur|campaign|protest|vigil|embassy|pledge|sign(ed|ing)?\b|genocide|jewish|://|come|coming", re.IGNORECASE
)
OLD = "Tuesday 24 November 2026, 6pm to 7pm"


@pytest.fixture
def attendee(protest):
    return AttendeeFactory(protest=protest, on=TUESDAY)


def change(protest, **fields):
    return ProtestChange.objects.update_or_create(protest=protest, on=TUESDAY, defaults=fields)[0]


# --- The reminder


def test_the_reminder_is_sent_once_from_ten_the_day_before(attendee, send):
    assert send(DAY_BEFORE - timedelta(minutes=1)) == []
    (message,) = send(DAY_BEFORE)

    assert OLD in message.body
    assert "Chinese embassy, 49 Portland Place" in message.body
    assert send(DAY_BEFORE + timedelta(hours=3)) == []


def test_the_reminder_follows_the_clock_of_the_protest(protest, send):
    there = ProtestFactory(timezone="America/New_York", takes_names=True)
    AttendeeFactory(protest=there, on=TUESDAY)

    assert send(DAY_BEFORE) == []
    assert OLD in send(DAY_BEFORE + timedelta(hours=5))[0].body


def test_somebody_who_confirms_after_the_reminder_gets_none(protest, client, come, send, time_machine):
    time_machine.move_to(DAY_BEFORE + timedelta(hours=1), tick=False)
    come()
    client.post(link(send(DAY_BEFORE + timedelta(hours=1))[0], "confirm"))

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


# --- Changes


def test_a_cancellation_is_mailed_with_its_reason_and_only_once(attendee, protest, send):
    AttendeeFactory(protest=protest, on=NEXT_TUESDAY)
    AttendeeFactory(protest=protest, on=TUESDAY, confirmed_at=None)
    change(protest, kind="cancelled", note="The square is closed")
    (message,) = send()

    assert message.to == [attendee.email]
    assert f"Cancelled: {OLD}" in message.body
    assert "The square is closed" in message.body
    assert send(NOW + timedelta(minutes=10)) == []


@pytest.mark.parametrize(
    ("fields", "now"),
    [
        ({"new_start": time(17, 30)}, "Tuesday 24 November 2026, 5:30pm to 6:30pm"),
        ({"new_on": date(2026, 11, 25)}, "Wednesday 25 November 2026, 6pm to 7pm"),
        ({"new_end": time(20)}, "Tuesday 24 November 2026, 6pm to 8pm"),
    ],
)
def test_a_new_time_is_mailed_beside_the_old_one(attendee, protest, send, fields, now):
    change(protest, kind="moved", **fields)
    (message,) = send()

    assert f"Before: {OLD}" in message.body
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

    assert f"will take place after all: {OLD}" in message.body


def test_a_change_that_is_undone_before_it_was_sent_sends_nothing(attendee, protest, send):
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

    assert f"Cancelled: {OLD}" in message.body
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

    assert f"Now: {OLD}" in send(NOW + timedelta(minutes=10))[0].body


def test_a_reminder_of_a_changed_date_reports_the_change_instead(attendee, protest, send):
    queue_reminders(DAY_BEFORE)
    change(protest, kind="cancelled")
    (message,) = send(DAY_BEFORE)

    assert f"Cancelled: {OLD}" in message.body


def test_nothing_is_sent_after_the_date(attendee, protest, send):
    change(protest, kind="cancelled")

    assert send(datetime(2026, 11, 24, 19, tzinfo=UTC)) == []


def test_a_message_that_could_not_be_sent_is_sent_later_and_a_refused_one_is_not_queued_for_ever(
    attendee, protest, send, monkeypatch
):
    change(protest, kind="cancelled")
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        assert send() == []
    Message.objects.update(due_at=NOW)
    assert len(send(NOW + timedelta(minutes=10))) == 1

    change(protest, kind="as_usual")
    queue_news(NOW)
    Message.objects.waiting().update(outcome=Message.Outcome.GAVE_UP, done_at=NOW)
    assert send(NOW + timedelta(minutes=20)) == []


def refuse(message):
    raise SMTPRecipientsRefused({message.to[0]: (450, b"Try later")})


def test_two_workers_queue_one_message_about_a_change(attendee, protest):
    change(protest, kind="cancelled")

    assert [queue_news(NOW), queue_news(NOW)] == [1, 0]
    assert Message.objects.count() == 1


def test_a_protest_that_cannot_be_read_is_not_taken_for_cancelled(attendee, protest, send):
    other = AttendeeFactory(on=TUESDAY)
    Protest.objects.filter(pk=protest.pk).update(timezone="Nowhere")
    change(other.protest, kind="cancelled")

    assert [message.to for message in send()] == [[other.email]]


def test_an_organiser_cancels_in_the_admin_and_everybody_coming_is_mailed(client, attendee, protest, send):
    sign_in(client)
    url = f"/admin/protests/protest/{protest.pk}/change/"
    line = {"changes__TOTAL_FORMS": "1", "changes__0__on": str(TUESDAY), "changes__0__kind": "cancelled"}
    response = client.post(url, filled_in(client.get(url), **line))

    assert response.status_code == 302, response.context["errors"]
    assert [message.to for message in send()] == [[attendee.email]]


def test_the_two_workers_bring_a_cancellation_to_a_real_mail_server_within_five_minutes(
    attendee, protest, time_machine, settings
):
    change(protest, kind="cancelled", note="The square is closed")
    time_machine.move_to(NOW + timedelta(seconds=settings.COUNT_INTERVAL), tick=False)
    call_command("publish_counts", once=True)
    time_machine.move_to(NOW + timedelta(minutes=2, seconds=1), tick=False)
    with mail_server(Inbox()) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        call_command("send_mail", once=True)

    (envelope,) = server.received
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == [attendee.email]
    assert "The square is closed" in message.get_content()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_queuing_takes_as_many_queries_for_2000_people_as_for_two(protest, django_assert_max_num_queries):
    AttendeeFactory.create_batch(2, protest=protest, on=TUESDAY)
    change(protest, kind="cancelled")
    with django_assert_max_num_queries(14):
        assert queue_news(NOW) == 2
    with django_assert_max_num_queries(4):
        assert queue_news(NOW) == 0
    assert send_waiting() == 0  # not yet due


def test_an_address_that_anybody_can_enter_gets_three_messages_a_day(protest, come, send):
    dates = [str(TUESDAY + timedelta(weeks=week)) for week in range(4)]
    assert [come(on=on).status_code for on in dates] == [302] * 4
    assert Attendee.objects.count() == 4

    assert len(send()) == 3


# --- What others can see


def test_a_locked_phone_reveals_nothing_about_the_campaign(client, come, protest, send, settings):
    settings.DEFAULT_FROM_EMAIL = '"Stop Uyghur Genocide" <noreply@example.org>'
    publish(protest, title="Protest against the Uyghur genocide")
    come()
    messages = send(NOW)
    client.post(link(messages[0], "confirm"))
    messages += send(DAY_BEFORE)
    change(protest, kind="cancelled")
    messages += send(DAY_BEFORE + timedelta(hours=1))

    assert len(messages) == 3
    for message in messages:
        assert not TELLING.search(message.subject)
        assert not TELLING.search(message.body[:200])
        assert message.from_email == "Website messages <noreply@example.org>"


def test_the_titles_of_the_pages_give_nothing_away(client, come, protest, send):
    publish(protest, title="Protest against the Uyghur genocide")
    come()
    (message,) = send()
    pages = ["/protests/weekly/coming/", "/protests/weekly/coming/check-your-email/"]
    for path in [*pages, link(message, "confirm"), link(message, "unsubscribe")]:
        title = re.search(r"<title>(.*?)</title>", client.get(path).content.decode(), re.DOTALL)[1]
        assert title.strip()
        assert not TELLING.search(title), path
