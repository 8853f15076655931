"""Whatever is wrong with one message, the others are sent."""

import builtins
import smtplib
from datetime import timedelta
from email import errors as email_errors

import django.core.exceptions
import django.db
import pytest
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.fundraising.emails import RECEIPT
from campaign.mail.models import MAX_ATTEMPTS, MAX_WAIT, MIN_PATIENCE, SPREAD, Message
from campaign.mail.outbox import send_waiting
from campaign.mail.rate_limit import RateLimit
from campaign.mail.writers import FOR_ANYBODY, WRITERS
from tests.actions.factories import PaymentFactory
from tests.factories import MessageFactory, SignatureFactory, SiteSettingsFactory

HOSTILE = [
    "ann@example.org\u202c",
    "a@b。.org",
    "a@example.org Bcc: v@example.net",
    "a@example.org\r\nBcc: v@example.net",
    "a@example.org, v@example.net",
    "=?utf-8?q?v=69ctim?=@example.net",
    "münchen@example.org",
    "no address at all",
]
ADDRESS = "ann@example.org"


def queue_confirmation(email):
    """Queue the message that asks to confirm a signature; store its address unchecked."""
    message = MessageFactory()
    SignatureFactory(pk=message.object_id, email=email, message_id=message.pk)
    return message


def queue_receipt(email):
    """Queue the receipt for a donation; store the donor's address unchecked."""
    payment = PaymentFactory(donation__donor_email=email)
    return MessageFactory(kind=RECEIPT, object_id=payment.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("queue", [queue_confirmation, queue_receipt])
@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_does_not_stop_other_peoples_mail(smtp, caplog, address, queue):
    SiteSettingsFactory()
    bad = queue(address)
    queue_confirmation("ruth@example.org")
    queue_receipt("eve@example.org")

    while send_waiting():
        pass

    assert smtp.recipients == ["ruth@example.org", "eve@example.org"]
    bad.refresh_from_db()
    assert (bad.outcome, bad.attempts, bad.problem) == (Message.Outcome.GAVE_UP, 1, "unusable address")
    assert "example" not in caplog.text


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(address=st.text(min_size=1) | st.emails() | st.from_regex(r"[^@]{1,80}@[^@]{1,80}", fullmatch=True))
def test_no_address_stops_the_next_message(smtp, greet, address):
    smtp.received.clear()
    Message.objects.all().delete()
    greet(address, due_at=timezone.now() - timedelta(seconds=1))
    greet("ruth@example.org")

    send_waiting()

    assert smtp.recipients[-1] == "ruth@example.org"
    assert smtp.recipients[:-1] in ([], [address]) or address not in smtp.recipients
    assert not Message.objects.filter(attempts=0).exists()


REPLY = (554, f"5.7.1 {ADDRESS}".encode())
ARGUMENTS = {
    smtplib.SMTPRecipientsRefused: ({ADDRESS: REPLY},),
    smtplib.SMTPSenderRefused: (*REPLY, ADDRESS),
    smtplib.SMTPResponseException: REPLY,
    UnicodeDecodeError: ("utf-8", b"", 0, 1, ADDRESS),
    UnicodeEncodeError: ("utf-8", "", 0, 1, ADDRESS),
    UnicodeTranslateError: ("", 0, 1, ADDRESS),
    ExceptionGroup: (ADDRESS, [ValueError(ADDRESS)]),
}


def exceptions(*modules):
    """Return an instance of each exception in these modules, with an address in its text."""
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    return [instance(each) for each in sorted(classes, key=lambda each: each.__name__) if issubclass(each, Exception)]


def instance(each):
    arguments = next((arguments for base, arguments in ARGUMENTS.items() if issubclass(each, base)), (ADDRESS,))
    return each(*arguments)


DATABASE_UNAVAILABLE = (OperationalError, InterfaceError)
ERRORS = [
    error
    for error in exceptions(builtins, smtplib, email_errors, django.core.exceptions, django.db)
    if not isinstance(error, DATABASE_UNAVAILABLE)
] + [TemplateDoesNotExist("x.txt"), TemplateSyntaxError(ADDRESS), smtplib.SMTPRecipientsRefused({})]


@pytest.mark.django_db
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["writing", "sending"])
def test_no_exception_stops_the_next_message(monkeypatch, mailoutbox, caplog, error, where):
    def fail(*_arguments):
        raise error

    class Unsendable(EmailMessage):
        send = fail

    monkeypatch.setitem(WRITERS, "bad", fail if where == "writing" else lambda _message: Unsendable(to=[ADDRESS]))
    bad = MessageFactory(kind="bad")
    MessageFactory(kind="greeting")

    send_waiting()

    assert len(mailoutbox) == 1
    bad.refresh_from_db()
    assert (bad.outcome, bad.attempts) == (Message.Outcome.WAITING, 1)
    assert type(error).__name__ in bad.problem
    assert ADDRESS not in bad.problem + caplog.text


@pytest.mark.django_db
def test_a_message_of_an_unknown_kind_waits_for_a_newer_version(monkeypatch, mailoutbox, time_machine):
    message = MessageFactory(kind="from-the-future")
    MessageFactory(kind="greeting")
    for _day in range(60):
        send_waiting()
        time_machine.move_to(timezone.now() + timedelta(days=1), tick=False)

    message.refresh_from_db()
    assert len(mailoutbox) == 1
    assert (message.outcome, message.attempts, message.problem) == (Message.Outcome.WAITING, 60, "unknown kind")

    monkeypatch.setitem(WRITERS, "from-the-future", WRITERS["greeting"])
    send_waiting()
    assert len(mailoutbox) == 2


@pytest.mark.django_db(transaction=True)
def test_a_database_error_does_not_affect_the_next_message(monkeypatch, mailoutbox):
    def divide(message):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setitem(WRITERS, "bad", divide)
    bad = MessageFactory(kind="bad")
    MessageFactory(kind="greeting")

    send_waiting()

    bad.refresh_from_db()
    assert (bad.attempts, bad.problem) == (1, "DataError")
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_connection_is_raised_to_the_worker_and_costs_one_attempt(monkeypatch, mailoutbox):
    def cut(message):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setitem(WRITERS, "bad", cut)
    bad = MessageFactory(kind="bad")
    MessageFactory(kind="greeting")

    with pytest.raises(OperationalError):
        send_waiting()
    connection.close()
    send_waiting()

    bad.refresh_from_db()
    assert (bad.outcome, bad.attempts, bad.problem) == (Message.Outcome.WAITING, 1, "unfinished")
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_failed_attempt_does_not_count_towards_the_rate_limit(monkeypatch, mailoutbox):
    failures = iter([ValueError, smtplib.SMTPServerDisconnected, KeyError])

    class Unsure(EmailMessage):
        def send(self, fail_silently=False):
            if error := next(failures, None):
                raise error
            return super().send(fail_silently)

    monkeypatch.setitem(WRITERS, "invitation", lambda message: Unsure(to=[ADDRESS]))
    monkeypatch.setattr("campaign.mail.outbox.FOR_ANYBODY", FOR_ANYBODY | {"invitation"})
    MessageFactory.create_batch(4, kind="invitation")

    send_waiting()

    assert RateLimit.objects.get().messages == len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_message_without_recipients_is_not_marked_as_sent(monkeypatch):
    monkeypatch.setitem(WRITERS, "greeting", lambda message: EmailMessage("Hello", "Text", to=[""]))
    message = MessageFactory(kind="greeting")

    send_waiting()

    message.refresh_from_db()
    assert message.outcome == Message.Outcome.DROPPED


@pytest.mark.django_db
def test_a_message_is_given_up_after_sixteen_attempts_and_five_days(monkeypatch, time_machine):
    monkeypatch.setitem(WRITERS, "greeting", lambda message: 1 / 0)
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    message = MessageFactory(kind="greeting")
    while not message.done_at:
        time_machine.move_to(message.due_at, tick=False)
        send_waiting()
        message.refresh_from_db()

    assert message.outcome == Message.Outcome.GAVE_UP
    assert message.attempts >= MAX_ATTEMPTS
    assert MIN_PATIENCE <= message.done_at - start <= MIN_PATIENCE + MAX_WAIT * SPREAD
    assert message.problem == "ZeroDivisionError"


@pytest.mark.django_db
def test_a_worker_that_was_down_for_weeks_still_makes_sixteen_attempts(monkeypatch, time_machine):
    monkeypatch.setitem(WRITERS, "greeting", lambda message: 1 / 0)
    message = MessageFactory(kind="greeting")
    time_machine.move_to(timezone.now() + timedelta(days=30), tick=False)
    for attempts in range(1, MAX_ATTEMPTS + 1):
        assert message.outcome == Message.Outcome.WAITING
        send_waiting()
        message.refresh_from_db()
        assert message.attempts == attempts
        time_machine.move_to(timezone.now() + timedelta(hours=6), tick=False)

    assert message.outcome == Message.Outcome.GAVE_UP
