"""Fixtures and functions for tests of communities."""

import re
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
HUMAN_RIGHTS_DAY = {"title": "Human Rights Day", "rule": "yearly", "day": 10, "month": 12}
PASSOVER = {"title": "Passover", "rule": "hebrew", "day": 15, "hebrew_month": 1, "days": 8}
TALK = {"title": "Why we act", "talk": "<p>Three points.</p>"}


def join(client, **changes):
    """Send the form as a browser would, a minute after opening it."""
    return client.post("/community/join/", ANSWERS | {"stamp": make_stamp(time.time() - 60)} | changes)


@pytest.fixture
def send(settings):
    """Return a function that sends the waiting messages, and returns all messages that the test has sent."""

    def send():
        while send_waiting():
            pass
        return mail.outbox

    return send


def confirm(client, page):
    """Press the button on the page that `page` shows, or that is at the path `page`; return the response."""
    response = client.get(page) if isinstance(page, str) else page
    answers = re.search(r'name="answers"\s+value="(\w+)"', response.content.decode())
    return client.post(response.request["PATH_INFO"], {"answers": answers[1]} if answers else {})
