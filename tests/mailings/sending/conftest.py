"""Fixtures for tests of sending: a crowd of people who want news, and a mailing to them."""

import asyncio

import pytest
from django.utils import timezone

from campaign.mailings.models import Mailing, MailText
from campaign.mailings.sources import SOURCES
from tests.checkouts import free_port
from tests.mail.conftest import Inbox, use
from tests.mailings.crowd import Crowd
from tests.mailserver import mail_server


@pytest.fixture(autouse=True)
def fast(settings):
    """Send as fast as possible. Tests of the rates override this."""
    settings.NEWS_PER_SECOND = settings.NEWS_PER_DOMAIN_PER_SECOND = 0


@pytest.fixture
def crowd(monkeypatch):
    """Register a crowd of three people as the only source, and return it."""
    for name in list(SOURCES):
        monkeypatch.delitem(SOURCES, name)
    crowd = Crowd(3)
    monkeypatch.setitem(SOURCES, crowd.name, crowd)
    return crowd


def make_mailing(paragraphs="<p>We did it – thank you.</p>", **changes):
    """Create a mailing that is due, and return it."""
    mailing = Mailing.objects.create(subject="The news that you asked for", send_at=timezone.now())
    MailText.objects.create(parent=mailing, region="main", ordering=10, html=paragraphs)
    version = mailing.keep(None, "").number
    Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.SCHEDULED, version=version, **changes)
    mailing.refresh_from_db()
    return mailing


@pytest.fixture
def mailing(crowd, db):
    return make_mailing()


class Postbox(Inbox):
    """A mail server that can also accept a message and hang up without answering."""

    def __init__(self):
        super().__init__()
        self.swallows = set()
        self.closes_after_each = False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.swallows & set(envelope.rcpt_tos):
            server.transport.abort()
        answer = await super().handle_DATA(server, session, envelope)
        if self.closes_after_each:
            asyncio.get_running_loop().call_soon(server.transport.close)  # once the answer is on its way
        return answer


@pytest.fixture
def no_server(settings):
    """Configure the site to use a mail server that doesn't exist."""
    use(settings, free_port())


@pytest.fixture
def smtp(settings):
    """Configure the site to use a mail server. Return the server's inbox."""
    with mail_server(Postbox()) as inbox:
        use(settings, inbox.port)
        yield inbox
