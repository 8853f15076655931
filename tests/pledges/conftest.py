"""Fixtures for tests of pledges."""

import html
import re

import pytest

from campaign.mail.outbox import send_waiting
from tests.factories import PledgeFactory, SiteSettingsFactory

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
    """Post a form as a person does; once more, with what everybody will see, if that is the only question left."""
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
    """Post the form with some answers changed; return the response. Say yes to what a public signer is shown first."""

    def post(**changes):
        return post_and_agree(client, pledge.get_absolute_url(), ANSWERS | changes)

    return post


@pytest.fixture
def confirm_link(mailoutbox):
    """Send waiting messages; return the path of the confirmation link in the newest one."""

    def path():
        send_waiting()
        return re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]

    return path
