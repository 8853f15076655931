"""The outbox, which loses nothing and rarely sends anything twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.mail.envelope import message_id
from campaign.mail.models import SPREAD, DevMessage, Message
from campaign.mail.outbox import send_waiting
from campaign.mail.rate_limit import RateLimit
from campaign.mail.writers import FOR_ANYBODY, WRITERS
from tests.factories import MessageFactory

MESSAGES_A_DAY = 3


@pytest.mark.django_db
def test_a_message_reaches_a_real_mail_server_once(smtp):
    message = MessageFactory(kind="greeting")

    call_command("send_mail", "--once")
    call_command("send_mail", "--once")

    (envelope,) = smtp.received
    text = envelope.content.decode()
    assert envelope.rcpt_tos == ["ruth@example.org"]
    assert f"About {message.object_id}" in text
    assert f"Message-ID: {message_id(message.id, 'ruth@example.org')}" in text
    message.refresh_from_db()
    assert message.outcome == Message.Outcome.SENT


@pytest.mark.django_db
def test_a_refused_message_is_retried_later_and_then_arrives(smtp, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    message = MessageFactory(kind="greeting")
    smtp.reply = "451 Try again later"
    send_waiting()
    message.refresh_from_db()
    assert (message.outcome, message.attempts) == (Message.Outcome.WAITING, 1)
    assert timedelta(minutes=1) <= message.due_at - start <= timedelta(minutes=1) * SPREAD

    smtp.reply = "250 OK"
    assert send_waiting() == 0
    time_machine.move_to(start + timedelta(minutes=2), tick=False)
    send_waiting()

    assert len(smtp.received) == 1


@pytest.mark.django_db
def test_messages_delayed_together_are_not_retried_at_the_same_moment(smtp, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    smtp.reply = "451 Try again later"
    messages = MessageFactory.create_batch(5, kind="greeting")
    send_waiting()

    due = {Message.objects.get(pk=message.pk).due_at for message in messages}
    assert len(due) == len(messages)
    assert max(due) - min(due) <= timedelta(minutes=1) * SPREAD


@pytest.mark.django_db
def test_a_message_that_is_no_longer_needed_is_dropped(monkeypatch, mailoutbox):
    monkeypatch.setitem(WRITERS, "greeting", lambda message: None)
    message = MessageFactory(kind="greeting")

    send_waiting()

    message.refresh_from_db()
    assert message.outcome == Message.Outcome.DROPPED
    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_workers_send_each_message_once():
    MessageFactory.create_batch(30, kind="greeting")
    mail.outbox = []

    def work(number):
        try:
            return send_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 30
    bodies = [message.body for message in mail.outbox]
    assert len(bodies) == len(set(bodies)) == 30


@pytest.mark.django_db
def test_a_refused_address_is_not_logged(smtp, caplog):
    smtp.reply = "550 ruth@example.org is unknown"
    MessageFactory(kind="greeting")
    send_waiting()

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("campaign")]
    assert len(ours) == 1
    assert "was not sent" in ours[0]
    assert "ruth" not in ours[0]


@pytest.mark.django_db
def test_the_development_backend_keeps_the_newest_two_hundred_messages(settings):
    settings.EMAIL_BACKEND = "campaign.mail.devmailbox.backend.EmailBackend"
    for number in range(203):
        EmailMessage(f"Number {number}", "Text", to=["ruth@example.org"]).send()

    subjects = list(DevMessage.objects.values_list("subject", flat=True))
    assert len(subjects) == 200
    assert subjects[0] == "Number 202"


def test_the_mailbox_does_not_exist_outside_development(client, db):
    assert client.get("/dev/mailbox/").status_code == 404


@pytest.fixture
def invitation(monkeypatch):
    """Register a kind of message that anybody may request, and spell its address differently each time."""
    spellings = iter(f"Ruth.Feldman+{number}@googlemail.com" for number in range(100))

    def write(message):
        return EmailMessage("Hello", "Come", to=[next(spellings)])

    monkeypatch.setitem(WRITERS, "invitation", write)
    monkeypatch.setattr("campaign.mail.outbox.FOR_ANYBODY", FOR_ANYBODY | {"invitation"})


def send_invitations(count):
    MessageFactory.create_batch(count, kind="invitation")
    while send_waiting():
        pass


@pytest.mark.django_db
def test_anybody_may_request_at_most_three_messages_a_day_to_an_address(invitation, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    send_invitations(5)
    assert len(mail.outbox) == MESSAGES_A_DAY

    time_machine.shift(timedelta(hours=23, minutes=59))
    send_invitations(1)
    assert len(mail.outbox) == MESSAGES_A_DAY

    time_machine.shift(timedelta(minutes=1))
    send_invitations(5)
    assert len(mail.outbox) == 2 * MESSAGES_A_DAY
    assert Message.objects.filter(outcome=Message.Outcome.DROPPED).count() == 5


@pytest.mark.django_db
def test_all_tags_of_a_mailbox_share_one_rate_limit():
    now = timezone.now()
    spelt = ["v+1@example.org", "V@example.org", "v+2+3@EXAMPLE.org", "v@example.org", "v+4@example.org"]

    assert [RateLimit.take(address, now) for address in spelt] == [True] * 3 + [False] * 2
    assert RateLimit.take("w+1@example.org", now)


@pytest.mark.django_db
def test_a_rate_limit_can_be_compared_with_no_signature_or_suppressed_address():
    RateLimit.take("ruth@example.org", timezone.now())

    (kept,) = RateLimit.objects.values_list("address_hash", flat=True)
    assert bytes(kept) not in {address_hash("ruth@example.org"), mailbox_hash("ruth@example.org")}


@pytest.mark.django_db
def test_other_messages_do_not_count_towards_the_rate_limit(invitation):
    MessageFactory.create_batch(5, kind="greeting")
    send_waiting()

    assert len(mail.outbox) == 5
    assert not RateLimit.objects.exists()


@pytest.mark.django_db
def test_a_refused_message_does_not_count_towards_the_rate_limit(smtp, invitation):
    smtp.reply = "451 Try again later"
    send_invitations(2)
    assert not RateLimit.objects.exists()

    smtp.reply = "250 OK"
    send_invitations(5)
    assert len(smtp.received) == MESSAGES_A_DAY


@pytest.mark.django_db(transaction=True)
def test_concurrent_sending_does_not_exceed_the_rate_limit(invitation):
    MessageFactory.create_batch(12, kind="invitation")

    def work(_number):
        try:
            send_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert len(mail.outbox) == MESSAGES_A_DAY


@pytest.mark.django_db
def test_rate_limit_counters_are_deleted_after_a_day(invitation, time_machine):
    start = timezone.now()
    send_invitations(1)
    time_machine.move_to(start + timedelta(hours=25))
    call_command("retention")

    assert not RateLimit.objects.exists()
