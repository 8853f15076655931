"""How the outbox handles the replies of a real mail server."""

import re
import smtplib
from contextlib import suppress
from datetime import timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign import worker
from campaign.mail.explanations import explain
from campaign.mail.failures import Failure, NextStep
from campaign.mail.models import MAX_ATTEMPTS, MIN_FAILURES, MIN_PATIENCE, Message
from campaign.mail.outbox import send_waiting
from campaign.worker import UnavailableError
from tests.factories import MessageFactory
from tests.mail.conftest import Inbox, use
from tests.mailserver import mail_server

RUTH, EVE = "ruth@example.org", "eve@example.org"
WAITING, GAVE_UP = Message.Outcome.WAITING, Message.Outcome.GAVE_UP


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reply", "outcome", "problem"),
    [
        ("550 5.1.1 <ruth@example.org> unknown", GAVE_UP, "SMTPRecipientsRefused 550 5.1.1"),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", GAVE_UP, "SMTPRecipientsRefused 550 5.1.10"),
        ("550 5.2.1 Disabled", GAVE_UP, "SMTPRecipientsRefused 550 5.2.1"),
        ("550 No such user", GAVE_UP, "SMTPRecipientsRefused 550"),
        ("550 #5.1.0 Address rejected", GAVE_UP, "SMTPRecipientsRefused 550 5.1.0"),
        ("553 <ruth@example.org> is not an address", GAVE_UP, "SMTPRecipientsRefused 553"),
        ("556 5.1.10 Domain takes no mail", GAVE_UP, "SMTPRecipientsRefused 556 5.1.10"),
        ("550-5.1.1 <ruth@example.org>\r\n550 5.1.1 unknown", GAVE_UP, "SMTPRecipientsRefused 550 5.1.1"),
        # A server may put the enhanced code on the last line only.
        ("550-Hello <ruth@example.org>\r\n550 5.7.1 Blocked for now", WAITING, "SMTPRecipientsRefused 550 5.7.1"),
        ("571 Not authorised", GAVE_UP, "SMTPRecipientsRefused 571"),
        ("550 5.1.12345 what", GAVE_UP, "SMTPRecipientsRefused 550"),
        ("450 Mailbox busy", WAITING, "SMTPRecipientsRefused 450"),
        ("452 4.5.3 Too many recipients", WAITING, "SMTPRecipientsRefused 452 4.5.3"),
        # Treated as 452 (RFC 5321, 4.5.3.1.10): people empty their mailboxes.
        ("552 Too many recipients", WAITING, "SMTPRecipientsRefused 552"),
        ("552 5.2.2 Mailbox full", WAITING, "SMTPRecipientsRefused 552 5.2.2"),
        ("550 5.2.2 Over quota", WAITING, "SMTPRecipientsRefused 550 5.2.2"),
        # The codes contradict each other.
        ("450 5.1.1 No such user", WAITING, "SMTPRecipientsRefused 450 5.1.1"),
        ("550 4.7.1 Greylisted", WAITING, "SMTPRecipientsRefused 550 4.7.1"),
        ("554 5.7.1 Greylisted: come back in five minutes", WAITING, "SMTPRecipientsRefused 554 5.7.1"),
        ("503 Bad sequence of commands", WAITING, "SMTPRecipientsRefused 503"),
        ("521 5.3.2 This host takes no mail", WAITING, "SMTPRecipientsRefused 521 5.3.2"),
        ("5x0 what", WAITING, "SMTPRecipientsRefused"),
        ("950 5.1.1 what", WAITING, "SMTPRecipientsRefused 5.1.1"),
        ("450 4.1.2 <ruth@example.org>: domain not found", WAITING, "SMTPRecipientsRefused 450 4.1.2"),
        ("451 Greylisted", WAITING, "SMTPRecipientsRefused 451"),
        # These may be about us: taken literally, they would make us give up all mail.
        ("554 5.7.1 <ruth@example.org>: Relay access denied", WAITING, "SMTPRecipientsRefused 554 5.7.1"),
        ("550 5.4.5 Daily sending quota exceeded", WAITING, "SMTPRecipientsRefused 550 5.4.5"),
        ("421 4.7.0 ruth@example.org: closing", WAITING, "mail server: SMTPRecipientsRefused 421 4.7.0"),
        ("530 5.7.0 Sign in first", WAITING, "mail server: SMTPRecipientsRefused 530 5.7.0"),
        ("553 5.1.8 Sender's domain not found", WAITING, "mail server: SMTPRecipientsRefused 553 5.1.8"),
    ],
)
def test_a_refused_recipient_is_retried_or_given_up(smtp, greet, reply, outcome, problem):
    refused = greet(RUTH)
    greet(EVE)
    smtp.refused[RUTH] = reply
    try:
        send_waiting()
    except UnavailableError:
        send_waiting()

    refused.refresh_from_db()
    assert (refused.outcome, refused.attempts, refused.problem) == (outcome, 1, problem)
    assert smtp.recipients == [EVE]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reply", "outcome", "problem"),
    [
        ("554 5.7.1 ruth@example.org: looks like spam", WAITING, "SMTPDataError 554 5.7.1"),
        ("452 4.3.1 Disk full", WAITING, "SMTPDataError 452 4.3.1"),
        ("552 5.3.4 Too big", WAITING, "SMTPDataError 552 5.3.4"),
        ("554 Transaction failed", GAVE_UP, "SMTPDataError 554"),
        ("550 5.1.1 No such user after all", GAVE_UP, "SMTPDataError 550 5.1.1"),
    ],
)
def test_a_message_whose_content_is_refused_is_retried_or_given_up(smtp, greet, reply, outcome, problem):
    smtp.reply = reply
    message = greet(RUTH)
    send_waiting()

    message.refresh_from_db()
    assert (message.outcome, message.problem) == (outcome, problem)


@pytest.mark.django_db
def test_a_server_that_refuses_every_recipient_is_not_believed(smtp, greet):
    for number in range(20):
        greet(f"{number}@example.org")
        smtp.refused[f"{number}@example.org"] = "550 relay not permitted"
    send_waiting()

    assert Message.objects.given_up().count() == MIN_FAILURES - 1
    assert Message.objects.waiting().filter(attempts=1).count() == 20 - (MIN_FAILURES - 1)

    smtp.refused.clear()
    Message.objects.waiting().update(due_at=timezone.now())
    send_waiting()
    assert Message.objects.sent().count() == 20 - (MIN_FAILURES - 1)


@pytest.mark.django_db
def test_mailboxes_that_do_not_exist_are_given_up_however_many_there_are(smtp, greet):
    for number in range(2 * MIN_FAILURES):
        greet(f"{number}@example.org")
        smtp.refused[f"{number}@example.org"] = "550 5.1.1 No such user"
    send_waiting()

    assert Message.objects.given_up().count() == 2 * MIN_FAILURES


@given(
    number=st.integers(),
    text=st.binary() | st.text() | st.from_regex(rb"\A[245]\.[0-9]{1,4}\.[0-9]{1,4} ?[a-z@]*\Z"),
    kind=st.sampled_from([smtplib.SMTPDataError, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError]),
)
def test_only_the_numbers_in_a_reply_are_kept(number, text, kind):
    nobody = smtplib.SMTPRecipientsRefused({})
    several = smtplib.SMTPRecipientsRefused({"a@b": (number, text), "c@d": (number, text)})
    for error in (kind(number, text), nobody, several, smtplib.SMTPSenderRefused(number, text, "a@b")):
        failure = Failure.of(error)
        problem = failure.as_problem()
        assert re.fullmatch(r"(mail server: )?SMTP[A-Za-z]+( \d{3})?( \d\.\d{1,3}\.\d{1,3})?", problem)
        assert Failure.stored(problem) == failure
        assert failure.next_step in NextStep
        assert explain(problem)


@pytest.mark.django_db
def test_many_messages_share_a_connection(smtp, greet):
    for _ in range(5):
        greet(RUTH)
    send_waiting()

    assert (len(smtp.received), smtp.sessions) == (5, 1)


@pytest.mark.django_db
def test_an_unavailable_server_costs_no_message_an_attempt(no_server, caplog):
    MessageFactory.create_batch(3, kind="greeting")

    with pytest.raises(UnavailableError, match=r"can't be used \(ConnectionRefusedError\)"):
        send_waiting()

    assert Message.objects.filter(outcome=WAITING, attempts=0, due_at__lte=timezone.now()).count() == 3


@pytest.mark.django_db
def test_a_wrong_password_costs_no_message_an_attempt_and_is_not_revealed(settings, greet, capsys):
    def refuse(server, session, envelope, mechanism, data):
        return AuthResult(success=False, handled=False)

    greet(RUTH)
    with mail_server(Inbox(), authenticator=refuse, auth_require_tls=False) as inbox:
        use(settings, inbox.port)
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "hunter2"
        with pytest.raises(CommandError, match=r"can't be used \(SMTPAuthenticationError 535 5.7.8\)\.$"):
            call_command("send_mail", "--once")
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "pässword"
        with pytest.raises(CommandError, match=r"can't be used \(UnicodeEncodeError\)\.$"):
            call_command("send_mail", "--once")

    assert Message.objects.get().attempts == 0


@pytest.mark.django_db
@pytest.mark.parametrize("reply", ["550 5.7.1 Not your address", "421 4.3.2 Closing", "530 5.7.0 Sign in first"])
def test_a_refused_sender_costs_only_one_message_an_attempt(smtp, greet, reply):
    smtp.sender_reply = reply
    for _ in range(4):
        greet(RUTH)

    with pytest.raises(UnavailableError, match="does not accept mail"):
        send_waiting()

    assert Message.objects.filter(attempts=0).count() == 3
    assert Message.objects.get(attempts=1).problem == "mail server: SMTPSenderRefused " + reply[:9]


@pytest.mark.django_db
@pytest.mark.parametrize("reply", ["550 5.7.1 Not your address", "530 5.7.0 Sign in first", "501 5.1.7 Bad sender"])
def test_a_message_is_never_given_up_because_of_our_own_failures(smtp, greet, time_machine, reply):
    time_machine.move_to(timezone.now(), tick=False)
    smtp.sender_reply = reply
    message = greet(RUTH)
    for _ in range(2 * MAX_ATTEMPTS):
        with pytest.raises(UnavailableError):
            send_waiting()
        time_machine.shift(MIN_PATIENCE / 4)

    # Still not given up when our fault is fixed but the recipient's server asks us to wait.
    smtp.sender_reply, smtp.refused[RUTH] = "250 OK", "451 4.7.1 Greylisted"
    send_waiting()
    smtp.refused.clear()
    time_machine.shift(MIN_PATIENCE / 4)
    send_waiting()

    message.refresh_from_db()
    assert message.outcome == Message.Outcome.SENT


@pytest.mark.django_db
@pytest.mark.parametrize("reply", ["451 4.1.8 Domain of sender not found", "421 4.3.2 Closing", "552 5.3.4 Too big"])
def test_a_temporarily_refused_sender_is_retried_for_five_days(smtp, greet, time_machine, reply):
    time_machine.move_to(timezone.now(), tick=False)
    smtp.sender_reply = reply
    message = greet(RUTH, attempts=MAX_ATTEMPTS - 1)
    time_machine.shift(MIN_PATIENCE)
    with suppress(UnavailableError):
        send_waiting()

    message.refresh_from_db()
    assert message.outcome == GAVE_UP


@pytest.mark.django_db
def test_no_message_is_given_up_because_a_server_refuses_our_greeting(smtp, greet):
    smtp.greeting_reply = "550 5.7.0 I don't talk to you"
    message = greet(RUTH, attempts=MAX_ATTEMPTS)
    Message.objects.update(created_at=timezone.now() - MIN_PATIENCE + timedelta(minutes=1))
    with pytest.raises(UnavailableError):
        send_waiting()

    message.refresh_from_db()
    assert (message.outcome, message.problem) == (WAITING, "mail server: SMTPHeloError 550 5.7.0")


@pytest.mark.django_db
def test_the_worker_reconnects_to_a_server_that_has_hung_up(smtp, greet):
    messages = [greet(address) for address in (RUTH, "bad@example.org", EVE)]
    smtp.hangs_up_on = {"bad@example.org"}

    send_waiting()

    assert smtp.recipients == [RUTH, EVE]
    messages[1].refresh_from_db()
    assert (messages[1].outcome, messages[1].problem) == (WAITING, "mail server: SMTPServerDisconnected")


@pytest.mark.django_db
def test_a_message_that_makes_the_server_hang_up_does_not_stop_the_others(smtp, greet):
    greet("bad@example.org", due_at=timezone.now() - timedelta(minutes=1))
    greet(EVE)
    smtp.hangs_up_on = {"bad@example.org"}

    with pytest.raises(UnavailableError):
        send_waiting()
    send_waiting()

    assert smtp.recipients == [EVE]


@pytest.mark.django_db
def test_the_worker_waits_while_something_is_unavailable_and_then_continues(monkeypatch, caplog):
    monkeypatch.setattr(worker, "UNAVAILABLE_WAIT", 0.01)
    monkeypatch.setattr(worker.signal, "signal", lambda number, handler: handlers.append(handler))
    handlers, calls = [], []

    def do():
        calls.append(1)
        if len(calls) < 3:
            raise UnavailableError("The mail server does not accept mail (SMTPSenderRefused 550)")
        handlers[0]()
        return 0

    worker.work(do, pause=0.01)

    assert len(calls) == 3
    assert "does not accept mail (SMTPSenderRefused 550); trying again in 0.01 s." in caplog.text
