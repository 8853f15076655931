"""Fixtures for tests of pledges."""

import html
import re

import pytest

from campaign.mail.outbox import send_waiting
from tests.factories import PledgeFactory, SiteSettingsFactory
from tests.sealing.organisers import switch_on

ANSWERS = {
    "name": "Ruth Feldman",
    "email": "ruth@example.org",
    "country": "GB",
    "postcode": "nw3 7ux",
    "kind": "person",
    "visibility": "private",
    "agree": "on",
}


SHOWN = re.compile(r'name="public_seen" value="([^"]+)"')


def post_and_agree(client, path, answers, **more):
    """Post a form as a person would; if asked to approve what will be public, approve it and post again."""
    response = client.post(path, answers, **more)
    shown = SHOWN.search(response.content.decode())
    if shown and "public_seen" not in answers:
        response = client.post(path, answers | {"public_seen": html.unescape(shown[1])}, **more)
    return response


@pytest.fixture
def pledge(db):
    SiteSettingsFactory()
    return PledgeFactory()


@pytest.fixture
def sign(client, pledge):
    """Post the form with some answers changed, approving what will be public if asked; return the response."""

    def post(**changes):
        return post_and_agree(client, pledge.get_absolute_url(), ANSWERS | changes)

    return post


@pytest.fixture
def private_key(settings, db):
    """Let the site seal names; return the organisers' key."""
    return switch_on(settings)


@pytest.fixture
def confirm_link(mailoutbox):
    """Send waiting messages; return the path of the confirmation link in the newest one."""

    def path():
        send_waiting()
        return re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]

    return path
