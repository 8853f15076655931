"""Subjects, senders, opening lines and page titles that give nothing away over a signer's shoulder."""

import re

import pytest

from campaign.mail.outbox import send_waiting
from campaign.pages.models import SiteSettings
from tests.factories import SignatureFactory, publish

LOCK_SCREEN = 200  # characters of a message shown on a locked phone
TELLING = re.compile(r"uyghur|campaign|pledge|sign(ed|ing|ature)?\b|genocide|petition|jewish|://", re.IGNORECASE)


@pytest.fixture
def pledge(pledge):
    publish(SiteSettings.objects.get(), name="Jewish Action to Stop Uyghur Persecution")
    publish(pledge, title="Sign our Pledge – Stop Uyghur Genocide")
    return pledge


@pytest.fixture
def messages(client, pledge, sign, mailoutbox, settings):
    """Send a message with a confirmation link and one with a manage link; return both."""
    settings.DEFAULT_FROM_EMAIL = '"Stop Uyghur Genocide" <noreply@example.org>'
    SignatureFactory(pledge=pledge, confirmed=True, email="hannah@example.org")
    sign()
    client.post(f"{pledge.get_absolute_url()}my-signature/", {"email": "hannah@example.org"})
    while send_waiting():
        pass
    return mailoutbox


def test_a_locked_phone_reveals_nothing_about_the_campaign(messages):
    assert len(messages) == 2
    for message in messages:
        assert not TELLING.search(message.subject)
        assert not TELLING.search(message.body[:LOCK_SCREEN])
        assert message.from_email == "Website messages <noreply@example.org>"


def test_the_titles_of_the_pages_after_signing_give_nothing_away(client, pledge, messages):
    links = [path for one in messages for path in re.findall(r"https?://[^/]+(/pledges/(?!stop)\S+)", one.body)]
    base = pledge.get_absolute_url()
    paths = [*links, *(base + page for page in ("check-your-email/", "thank-you/", "my-signature/"))]

    assert len(paths) > 6
    for path in paths:
        title = re.search(r"<title>(.*?)</title>", client.get(path).content.decode(), re.DOTALL)[1]
        assert title.strip()
        assert not TELLING.search(title), path
