"""Fixtures and functions for tests of communities."""

import time

import pytest
from django.core import mail

from campaign.forms.guard import make_stamp
from campaign.mail.outbox import send_waiting

ANSWERS = {
    "kind": "synagogue",
    "name": "Example Street Synagogue",
    "visibility": "count",
    "region": "london",
    "contact_name": "Ruth Example",
    "contact_role": "Chair",
    "email": "ruth@example.org",
    "agree": "on",
}
LISTED = {"visibility": "listed", "public_seen": "Example Street Synagogue"}


def join(client, **changes):
    """Send the form as a browser would, a minute after it was opened."""
    return client.post("/community/join/", ANSWERS | {"stamp": make_stamp(time.time() - 60)} | changes)


@pytest.fixture
def send(settings):
    """Return a function that sends the waiting messages, and returns those sent in all."""

    def send():
        while send_waiting():
            pass
        return mail.outbox

    return send


def link_in(message, path):
    """Return the path of the link in a message that begins like this."""
    return next("/" + word.split("/", 3)[3] for word in message.body.split() if path in word)
