"""The sender's address is checked before the first message is sent."""

import os
import subprocess
import sys

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaign.mail.checks import can_send, check_senders
from campaign.mail.outbox import send_waiting

GOOD = {
    "noreply@example.org": "noreply@example.org",
    "noreply@127.0.0.1": "noreply@127.0.0.1",
    '"Jewish Action, UK" <x@example.org>': '"Jewish Action, UK" <x@example.org>',
    "Jewish Action <x@example.org>": "Jewish Action <x@example.org>",
    "Dr. Who <x@example.org>": "Dr. Who <x@example.org>",
    "Ŝalom <x@example.org>": "=?utf-8?b?xZxhbG9t?= <x@example.org>",
}
BAD = [
    "",
    "x",
    "@example.org",
    "x@",
    "Jewish Action, UK <x@example.org>",
    "x@example.org, y@example.org",
    "x@example.org y",
    "x@example.org\nBcc: v@example.net",
    "x@example.org\r\n",
    "x@example.org\nSubject: Hello\n\nBuy now",
    "x@example.org Bcc: v@example.net",
    "x@example.org\u202c",
    "a@b。.org",
    "ü@example.org",
    "x@bücher.example",
    "team: x@example.org;",
    "Jewish: Action <x@example.org>",
    "x@example.org\x00",
    "<x@example.org",
    # The standard library's parser fails on these with an AttributeError, a TypeError and a NameError.
    "b @[_é",
    " <>。",
    " _。@[ ",
]


@pytest.mark.parametrize("sender", GOOD)
def test_a_valid_sender_passes_the_check_and_can_send(smtp, settings, sender):
    settings.DEFAULT_FROM_EMAIL = settings.SERVER_EMAIL = sender

    assert check_senders(None) == []
    EmailMessage("Hello", "Text", to=["ruth@example.org"]).send()
    (envelope,) = smtp.received
    assert envelope.mail_from in ("x@example.org", sender)
    assert f"\r\nFrom: {GOOD[sender]}\r\n" in envelope.content.decode()


@pytest.mark.parametrize("name", ["DEFAULT_FROM_EMAIL", "SERVER_EMAIL"])
@pytest.mark.parametrize("sender", BAD)
def test_an_invalid_sender_is_reported_by_its_setting_without_repeating_it(settings, sender, name):
    setattr(settings, name, sender)

    (error,) = check_senders(None)
    assert error.msg.startswith(f"{name} must be one e-mail address")
    assert sender not in error.msg or len(sender) < 2


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sender=st.emails()
    | st.text()
    | st.text('abx@<>,;:"\\()[] \t\n=?é\u202c。-_', min_size=1, max_size=14)
    | st.from_regex(r"[ -~]{0,20} ?<?[ -~]{1,20}@[ -~]{1,20}>?", fullmatch=True)
)
def test_every_sender_that_passes_the_check_can_send(smtp, sender):
    if can_send(sender):
        smtp.received.clear()
        EmailMessage("Hello", "Text", from_email=sender, to=["ruth@example.org"]).send()
        assert len(smtp.received) == 1


def test_the_mail_process_does_not_start_with_an_invalid_sender(settings, db):
    settings.DEFAULT_FROM_EMAIL = settings.SERVER_EMAIL = "Jewish Action, UK <x@example.org>"

    with pytest.raises(CommandError) as refused:
        call_command("send_mail", skip_checks=False)
    assert "DEFAULT_FROM_EMAIL must be one e-mail address" in str(refused.value)
    assert str(refused.value).count("must be") == 1


def start(*command, sender):
    """Run a command in a separate process, as an operator does."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "campaign.settings", "DEFAULT_FROM_EMAIL": sender}
    return subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    "command",
    [("-c", "import campaign.wsgi"), ("manage.py", "check", "--deploy"), ("manage.py", "send_mail")],
    ids=["web", "check", "mail"],
)
def test_no_process_starts_with_an_invalid_sender_and_each_says_why(command):
    result = start(*command, sender="Jewish Action, UK <x@example.org>")

    assert result.returncode != 0
    assert "DEFAULT_FROM_EMAIL must be one e-mail address" in result.stderr
    assert "x@example.org" not in result.stderr


def test_the_web_process_starts_with_a_valid_sender():
    assert start("-c", "import campaign.wsgi", sender='"Jewish Action, UK" <x@example.org>').returncode == 0


def test_the_default_sender_of_a_site_at_an_ipv6_address_is_usable():
    code = "from campaign import settings; print(settings.DEFAULT_FROM_EMAIL)"
    environment = os.environ | {"SITE_URL": "http://[::1]:8000"}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)  # noqa: S603

    assert can_send(result.stdout.strip())


@pytest.mark.django_db
def test_bounces_return_to_the_bounce_address_but_messages_come_from_the_sender(smtp, greet, settings):
    settings.DEFAULT_FROM_EMAIL = "Action <noreply@campaign.example>"
    settings.BOUNCE_ADDRESS = "bounces@campaign.example"
    greet("ruth@example.org")
    send_waiting()

    [envelope] = smtp.received
    assert envelope.mail_from == "bounces@campaign.example"
    assert b"\nFrom: Action <noreply@campaign.example>\r\n" in envelope.content
