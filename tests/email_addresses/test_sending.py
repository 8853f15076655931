"""An accepted address reaches a real mail server exactly as it is stored."""

import email

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaign.email_addresses.parsing import normalise
from tests.mailserver import mail_server

ATOMS = st.text("abzAZ09!#$%&'*+-/=?^_`{|}~.üｖ\u202c ", min_size=1, max_size=12)
DOMAINS = st.sampled_from(
    ["example.org", "straße.example", "BÜCHER.example", "日本.example", "пример.рф", "x.example。org"]
)


class Inbox:
    """Records the recipients of each message: on its envelope and in its headers."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        to = email.message_from_bytes(envelope.content).get_all("To")
        self.received.append((envelope.rcpt_tos, [line.strip() for line in to]))  # a long one has a separate line
        return "250 OK"


@pytest.fixture(scope="module")
def inbox():
    with mail_server(Inbox()) as inbox:
        yield inbox


@given(st.builds("{}@{}".format, ATOMS, DOMAINS) | st.text(max_size=40))
@example("x@straße.example")
@example("=?utf-8?q?v=69ctim?=@example.org")
@example("x=y?z=@example.org")
@example("o'brien@example.org")
@example(f"{'a' * 64}@{'b' * 61}.{'c' * 61}.{'d' * 61}.org")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_accepted_address_is_sent_unchanged(inbox, typed):
    try:
        address = normalise(typed)
    except ValidationError:
        return
    host, port = inbox.url.removeprefix("smtp://").split(":")
    with get_connection("django.core.mail.backends.smtp.EmailBackend", host=host, port=int(port)) as connection:
        EmailMessage("Hello", "Text", "us@example.org", [address], connection=connection).send()

    assert inbox.received.pop() == ([address], [address])
