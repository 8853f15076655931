"""Sending a mailing to a real mail server, over one connection."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import DevMessage, Message, SuppressedAddress
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending import ready_message, sender
from campaign.mailings.sending.claiming import MAX_ATTEMPTS
from tests.factories import MessageFactory
from tests.mailings.crowd import address
from tests.mailings.sending.conftest import make_mailing

SENT, QUEUED, REFUSED, UNKNOWN, SKIPPED = "sent", "queued", "refused", "unknown", "skipped"


def send():
    """Send what is due, as the worker does; return whether the mail server took it."""
    try:
        call_command("send_news", "--once")
    except CommandError:
        return False
    return True


def turn():
    """Do one batch of a worker that has just started."""
    one = sender.Sender(1, sender.Server(), sender.Event())
    try:
        one.turn()
    finally:
        one.close()


def rows(mailing, field="state"):
    """Return one field of each delivery, in the order of the crowd."""
    return list(mailing.deliveries.order_by("row").values_list(field, flat=True))


def test_each_person_gets_a_mailing_once_and_it_is_then_sent(smtp, mailing):
    send()
    send()

    mailing.refresh_from_db()
    assert sorted(smtp.recipients) == sorted(map(address, range(3)))
    assert mailing.state == Mailing.State.SENT
    assert mailing.finished_at
    assert mailing.statistics() == {
        **{"people": 3, "sent": 3, "queued": 0, "claimed": 0, "refused": 0, "unknown": 0, "skipped": 0},
        **{"bounced": 0, "bounced_soft": 0, "spam": 0, "unsubscribed": 0},
    }


def test_people_who_unsubscribe_or_are_suppressed_after_filling_are_skipped(smtp, mailing, crowd):
    fill_due()
    crowd.unsubscribe(address(1))
    SuppressedAddress.objects.create(address_hash=mailbox_hash(address(2)))
    send()

    assert smtp.recipients == [address(0)]
    assert rows(mailing) == [SENT, SKIPPED, SKIPPED]


def test_a_row_that_has_become_somebody_elses_is_skipped(smtp, mailing, crowd):
    fill_due()
    first, second, _third = crowd.people
    crowd.people[first] = crowd.people[second]
    send()

    assert rows(mailing) == [SKIPPED, SENT, SENT]
    assert smtp.recipients.count(address(1)) == 1


def test_one_persons_failure_concerns_nobody_else_and_the_servers_text_is_not_kept(smtp, mailing, crowd):
    smtp.refused = {address(0): "450 4.2.1 p0 is busy", address(1): "550 5.1.1 no p1 here"}
    crowd.people[list(crowd.people)[2]] = "two people@example.org"
    before = timezone.now()
    send()

    assert rows(mailing) == [QUEUED, REFUSED, REFUSED]
    assert rows(mailing, "code") == [
        *("SMTPRecipientsRefused 450 4.2.1", "SMTPRecipientsRefused 550 5.1.1", "unusable address")
    ]
    assert before + timedelta(minutes=1) <= rows(mailing, "due_at")[0] <= timezone.now() + timedelta(minutes=1.25)


def test_a_temporary_refusal_is_retried_for_five_days_and_then_believed(smtp, mailing):
    smtp.refused = {address(0): "450 4.2.1 busy"}
    send()
    first = mailing.deliveries.filter(state=QUEUED)
    first.update(due_at=timezone.now(), attempts=MAX_ATTEMPTS - 1)
    send()

    mailing.refresh_from_db()
    assert rows(mailing) == [REFUSED, SENT, SENT]
    assert mailing.state == Mailing.State.SENT


def test_a_mailing_is_not_finished_while_somebody_is_retried(smtp, mailing):
    smtp.refused = {address(0): "450 4.2.1 busy"}
    send()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENDING

    smtp.refused = {}
    mailing.deliveries.update(due_at=timezone.now())
    send()
    mailing.refresh_from_db()
    assert (rows(mailing), mailing.state) == ([SENT] * 3, Mailing.State.SENT)


@pytest.mark.parametrize("reply", ["550 relaying denied", "550 5.7.1 blocked", "451 try later"])
def test_a_server_that_refuses_everybody_is_not_believed(smtp, mailing, crowd, reply, monkeypatch):
    crowd.__init__(25)
    smtp.refused = {address(number): reply for number in range(25)}

    assert not send()
    mailing.refresh_from_db()
    assert set(rows(mailing)) == {QUEUED}
    assert reply[:3] in mailing.problem

    smtp.refused = {}
    mailing.deliveries.update(due_at=timezone.now())
    assert send()
    mailing.refresh_from_db()
    assert (set(rows(mailing)), mailing.problem) == ({SENT}, "")


def test_a_server_that_is_down_costs_nobody_an_attempt(settings, mailing, no_server):
    assert not send()

    mailing.refresh_from_db()
    assert rows(mailing, "attempts") == [0, 0, 0]
    assert mailing.problem == "mail server: ConnectionRefusedError"


@pytest.mark.parametrize("reply", ["530 5.7.0 sign in first", "550 5.1.8 bad sender"])
def test_a_server_that_refuses_our_sender_or_password_makes_everybody_wait(smtp, mailing, reply):
    smtp.sender_reply = reply

    assert not send()
    assert rows(mailing) == [QUEUED] * 3


def test_a_closing_server_is_reached_again_at_once_unless_it_closes_again(smtp, mailing):
    smtp.refused = {address(1): "421 closing"}

    send()
    assert rows(mailing) == [SENT, QUEUED, SENT]


def test_a_server_that_closes_after_each_message_gets_each_once(smtp, mailing, crowd):
    crowd.__init__(12)
    smtp.closes_after_each = True
    for _time in range(4):
        send()

    assert rows(mailing) == [SENT] * 12
    assert sorted(smtp.recipients) == sorted(map(address, range(12)))


def test_a_server_that_answers_421_to_a_message_has_not_accepted_it(smtp, mailing, crowd):
    smtp.reply = "421 too busy"
    send()
    assert rows(mailing) == [QUEUED] * 3

    smtp.reply = "250 OK"
    mailing.deliveries.update(due_at=timezone.now())
    send()
    assert sorted(smtp.recipients) == sorted(map(address, range(3)))


def test_a_connection_lost_before_the_end_of_a_message_leaves_it_queued(smtp, mailing):
    smtp.hangs_up_on = {address(1)}
    send()
    assert rows(mailing, "state")[1] == QUEUED

    smtp.hangs_up_on = set()
    mailing.deliveries.update(due_at=timezone.now())
    send()
    assert sorted(smtp.recipients) == sorted(map(address, range(3)))


def test_a_connection_lost_between_a_message_and_its_answer_leaves_it_unknown_for_good(smtp, mailing):
    smtp.swallows = {address(1)}
    send()
    mailing.deliveries.update(due_at=timezone.now())
    send()

    mailing.refresh_from_db()
    assert rows(mailing) == [SENT, UNKNOWN, SENT]
    assert rows(mailing, "code")[1] == "SMTPServerDisconnected"
    assert smtp.recipients.count(address(1)) == 1
    assert list(Delivery.objects.unknown(mailing).values_list("pk", flat=True)) == [rows(mailing, "pk")[1]]
    assert mailing.state == Mailing.State.SENT


@pytest.mark.parametrize(("reply", "state"), [("251 fine", SENT), ("garbage", UNKNOWN), ("354 go on", UNKNOWN)])
def test_odd_answers_to_a_message_never_send_it_again(smtp, mailing, crowd, reply, state):
    crowd.__init__(1)
    smtp.reply = reply
    send()
    send()

    assert rows(mailing) == [state]


def test_too_many_unknown_in_a_row_pause_the_mailing(smtp, mailing, crowd, settings, monkeypatch):
    monkeypatch.setattr("campaign.mailings.sending.server.WAIT", 0.0)
    settings.NEWS_CONNECTIONS = 1
    crowd.__init__(20)
    smtp.swallows = {address(number) for number in range(20)}
    send()

    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.PAUSED
    assert rows(mailing).count(UNKNOWN) == 6
    assert mailing.problem


def test_a_slow_batch_is_put_back_so_that_a_pause_takes_effect_soon(smtp, mailing, monkeypatch):
    monkeypatch.setattr(sender, "BATCH_SECONDS", -1.0)
    fill_due()
    turn()

    assert rows(mailing) == [QUEUED] * 3
    assert rows(mailing, "attempts") == [0, 0, 0]
    assert smtp.recipients == []


@pytest.mark.parametrize("verb", ["pause", "stop"])
def test_nothing_is_sent_once_a_mailing_is_paused_or_stopped(smtp, mailing, verb):
    fill_due()
    mailing.refresh_from_db()
    getattr(mailing, verb)(None)
    send()
    assert smtp.recipients == []

    mailing.resume(None)
    send()
    assert len(smtp.recipients) == (3 if verb == "pause" else 0)


def test_news_waits_while_a_confirmation_is_due_unless_the_outbox_stands_still(smtp, mailing):
    message = MessageFactory(kind="greeting")
    send()
    assert smtp.recipients == []

    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - timedelta(minutes=3))
    send()
    assert len(smtp.recipients) == 3


def test_news_waits_for_a_long_outbox_that_is_moving(smtp, mailing):
    long_ago, now = timezone.now() - timedelta(minutes=3), timezone.now()
    MessageFactory(kind="greeting", due_at=long_ago)
    MessageFactory(kind="greeting", due_at=long_ago, outcome=Message.Outcome.SENT, done_at=now)
    send()

    assert smtp.recipients == []


def test_a_mailing_that_cannot_be_written_does_not_stop_the_others(smtp, mailing, monkeypatch):
    other = make_mailing()
    compose = ready_message.compose

    def fail(shown):
        if shown.pk == mailing.pk:
            raise LookupError
        return compose(shown)

    monkeypatch.setattr(ready_message, "compose", fail)
    fill_due()
    turn()

    mailing.refresh_from_db()
    assert (set(rows(mailing)), set(rows(other))) == ({QUEUED}, {SENT})
    assert mailing.problem == "mailing: LookupError"


@pytest.mark.parametrize("backend", ["django.core.mail.backends.locmem.EmailBackend", "dev"])
def test_other_mail_backends_get_an_ordinary_message(settings, mailing, backend):
    settings.EMAIL_BACKEND = "campaign.mail.devmailbox.backend.EmailBackend" if backend == "dev" else backend
    send()

    assert rows(mailing) == [SENT] * 3
    if backend == "dev":
        assert "We did it – thank you." in DevMessage.objects.first().body
    else:
        assert [email.to for email in mail.outbox] == [[address(number)] for number in range(3)]
        assert mail.outbox[0].alternatives[0].mimetype == "text/html"
        assert "/news/unsubscribe/" in mail.outbox[0].body


class ApiError(Exception):
    """An error of a provider's API, as django-anymail raises them."""

    def __init__(self, status_code):
        self.status_code = status_code


@pytest.mark.parametrize(("status", "state"), [(422, REFUSED), (429, QUEUED), (500, UNKNOWN), (None, UNKNOWN)])
def test_errors_of_a_providers_api_are_refusals_only_if_it_says_so(mailing, crowd, monkeypatch, status, state):
    def refuse(self, messages):
        raise ApiError(status)

    crowd.__init__(1)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    send()

    assert rows(mailing) == [state]


def test_a_domain_that_is_full_does_not_hold_up_the_others(smtp, mailing, crowd, settings):
    settings.NEWS_PER_DOMAIN_PER_SECOND = 0.01
    crowd.people = {
        row: f"p{number}@{'full' if number else 'other'}.example" for number, row in enumerate(crowd.people)
    }
    crowd.people = dict(reversed(crowd.people.items()))
    fill_due()
    for _turn in range(4):
        turn()

    assert sorted(smtp.recipients) == ["p0@other.example", "p2@full.example"]
    assert rows(mailing).count(QUEUED) == 1
