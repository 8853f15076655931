"""Steps for tests of news: asking for it, and sending the messages that are waiting."""

import pytest

from campaign.mail.outbox import send_waiting
from tests.factories import SiteSettingsFactory

RUTH = "ruth@example.org"


@pytest.fixture
def join(client, db):
    """Post the form with an address. Return the response."""
    SiteSettingsFactory(name="Stop Uyghur Genocide")
    return lambda email=RUTH, **more: client.post("/news/", {"email": email} | more)


@pytest.fixture
def send(mailoutbox):
    """Send what is waiting. Return the new messages."""

    def send():
        before = len(mailoutbox)
        while send_waiting():
            pass
        return mailoutbox[before:]

    return send
