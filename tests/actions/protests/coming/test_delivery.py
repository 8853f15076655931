"""How news of changed dates is queued, sent and tried again."""

from datetime import timedelta
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.core.management import call_command

from actions.protests.coming.queuing import queue_news
from actions.protests.models import Attendee, Protest
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.accounts.organisers import sign_in
from tests.actions.factories import AttendeeFactory
from tests.actions.protests.coming.conftest import NOW, REGULAR, TUESDAY, change
from tests.editing.filled_in import filled_in
from tests.mail.conftest import Inbox
from tests.mailserver import mail_server


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


def test_a_protest_that_cannot_be_read_does_not_count_as_cancelled(attendee, protest, send):
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


def test_queuing_needs_as_many_queries_for_2000_people_as_for_two(protest, django_assert_max_num_queries):
    AttendeeFactory.create_batch(2, protest=protest, on=TUESDAY)
    change(protest, kind="cancelled")
    with django_assert_max_num_queries(14):
        assert queue_news(NOW) == 2
    with django_assert_max_num_queries(4):
        assert queue_news(NOW) == 0
    assert send_waiting() == 0  # not yet due


def test_a_batch_reads_the_protest_and_the_sites_name_once(protest, send, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("campaign.mail.writers.KEPT_FOR", 60)
    AttendeeFactory.create_batch(10, protest=protest, on=TUESDAY)
    change(protest, kind="cancelled")
    queue_news(NOW)
    with django_assert_max_num_queries(200) as queries:
        assert len(send()) == 10

    statements = [query["sql"] for query in queries.captured_queries]
    assert len([sql for sql in statements if 'FROM "pages_sitesettings"' in sql]) == 1
    assert len([sql for sql in statements if sql.startswith('SELECT "protests_protest"')]) == 3  # two to queue


def test_news_that_is_overtaken_within_a_batch_is_followed_by_more(attendee, protest, send, monkeypatch):
    AttendeeFactory(protest=protest, on=TUESDAY)
    change(protest, kind="cancelled")
    monkeypatch.setattr("campaign.mail.writers.KEPT_FOR", 60)
    with monkeypatch.context() as meanwhile:
        sends = EmailMessage.send
        meanwhile.setattr(EmailMessage, "send", lambda message: sends(message) and change(protest, kind="as_usual"))
        assert [f"Cancelled: {REGULAR}" in message.body for message in send()] == [True, True]

    again = send(NOW + timedelta(minutes=10))
    assert [f"will take place after all: {REGULAR}" in message.body for message in again] == [True, True]


def test_an_address_that_anybody_can_enter_gets_three_messages_a_day(protest, come, send):
    dates = [str(TUESDAY + timedelta(weeks=week)) for week in range(4)]
    assert [come(on=on).status_code for on in dates] == [302] * 4
    assert Attendee.objects.count() == 4

    assert len(send()) == 3
