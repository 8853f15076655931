"""How the outbox handles the replies of a real mail server."""

import re
import smtplib
from datetime import timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign import worker
from campaign.mail import failures
from campaign.mail.models import Message
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
        ("552 5.2.2 Mailbox full", GAVE_UP, "SMTPRecipientsRefused 552 5.2.2"),
        ("450 4.1.2 <ruth@example.org>: domain not found", WAITING, "SMTPRecipientsRefused 450 4.1.2"),
        ("451 Greylisted", WAITING, "SMTPRecipientsRefused 451"),
        # These may be about us: taken literally, they would make us give up all mail.
        ("550 relay not permitted", WAITING, "SMTPRecipientsRefused 550"),
        ("554 5.7.1 <ruth@example.org>: Relay access denied", WAITING, "SMTPRecipientsRefused 554 5.7.1"),
        ("550 5.4.5 Daily sending quota exceeded", WAITING, "SMTPRecipientsRefused 550 5.4.5"),
        ("550 5.1.0 Sender address rejected", WAITING, "SMTPRecipientsRefused 550 5.1.0"),
        ("550 5.1.12345 what", WAITING, "SMTPRecipientsRefused 550"),
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
def test_a_message_whose_content_is_refused_waits(smtp, greet):
    smtp.reply = "554 5.7.1 ruth@example.org: looks like spam"
    message = greet(RUTH)
    send_waiting()

    message.refresh_from_db()
    assert (message.outcome, message.problem) == (WAITING, "SMTPDataError 554 5.7.1")


@given(
    number=st.integers(),
    text=st.binary() | st.text() | st.from_regex(rb"\A[245]\.[0-9]{1,4}\.[0-9]{1,4} ?[a-z@]*\Z"),
    kind=st.sampled_from([smtplib.SMTPDataError, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError]),
)
def test_only_the_numbers_in_a_reply_are_kept(number, text, kind):
    nobody = smtplib.SMTPRecipientsRefused({})
    several = smtplib.SMTPRecipientsRefused({"a@b": (number, text), "c@d": (number, text)})
    for error in (kind(number, text), nobody, several, smtplib.SMTPSenderRefused(number, text, "a@b")):
        assert re.fullmatch(r"(mail server: )?SMTP[A-Za-z]+( \d{3})?( \d\.\d{1,3}\.\d{1,3})?", failures.problem(error))
        assert failures.is_final(error) in (True, False)


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
