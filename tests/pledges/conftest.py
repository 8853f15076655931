"""Fixtures for tests of pledges."""

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


@pytest.fixture
def pledge(db):
    SiteSettingsFactory()
    return PledgeFactory()


@pytest.fixture
def sign(client, pledge):
    """Post the form with some answers changed; return the response."""

    def post(**changes):
        return client.post(pledge.get_absolute_url(), ANSWERS | changes)

    return post


@pytest.fixture
def confirm_link(mailoutbox):
    """Send waiting messages; return the path of the confirmation link in the newest one."""

    def path():
        send_waiting()
        return re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]

    return path
