"""Fixtures for tests of the outbox: their own kind of message, and a real mail server."""

import pytest
from django.core.mail import EmailMessage

from campaign.mail.writers import WRITERS
from tests.checkouts import free_port
from tests.factories import MessageFactory
from tests.mailserver import mail_server


@pytest.fixture(autouse=True)
def greet(monkeypatch):
    """Queue a message to an address, valid or not; its text names the object it is about."""
    addresses = {}

    def write(message):
        to = addresses.get(message.object_id, "ruth@example.org")
        return EmailMessage("Hello", f"About {message.object_id}", to=[to])

    def queue(address, **changes):
        message = MessageFactory(kind="greeting", **changes)
        addresses[message.object_id] = address
        return message

    monkeypatch.setitem(WRITERS, "greeting", write)
    return queue


class Inbox:
    """A mail server that keeps the messages it receives, or replies as a test specifies.

    It replies `reply` to a message, `sender_reply` to its sender, `refused[address]` to a recipient, and
    `greeting_reply` to our greeting.
    """

    def __init__(self):
        self.received, self.sessions = [], 0
        self.reply = self.sender_reply = self.greeting_reply = "250 OK"
        self.refused, self.hangs_up_on = {}, set()

    @property
    def recipients(self):
        return [address for envelope in self.received for address in envelope.rcpt_tos]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's name
        self.sessions += 1
        session.host_name = hostname
        return responses if self.greeting_reply.startswith("250") else [self.greeting_reply]

    async def handle_HELO(self, server, session, envelope, hostname):  # noqa: N802
        session.host_name = hostname
        return self.greeting_reply

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.sender_reply.startswith("250"):
            envelope.mail_from = address
        return self.sender_reply

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.hangs_up_on:
            server.transport.abort()
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.reply.startswith("250"):
            self.received.append(envelope)
        return self.reply


def use(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


@pytest.fixture
def smtp(settings):
    """Configure the site to use a mail server; return the server's inbox."""
    with mail_server(Inbox()) as inbox:
        use(settings, inbox.port)
        yield inbox


@pytest.fixture
def no_server(settings):
    """Configure the site to use a mail server that isn't there."""
    use(settings, free_port())
