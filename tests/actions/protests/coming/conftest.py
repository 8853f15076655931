"""A weekly protest, and people who say that they are coming."""

from datetime import UTC, date, datetime, timedelta

import pytest

from actions.protests.coming.queuing import queue_news, queue_reminders
from actions.protests.models import ProtestChange
from campaign.mail.outbox import send_waiting
from tests.actions.factories import AttendeeFactory, PlaceFactory, ProtestFactory
from tests.factories import SiteSettingsFactory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
TUESDAY, NEXT_TUESDAY = date(2026, 11, 24), date(2026, 12, 1)
DAY_BEFORE = datetime(2026, 11, 23, 10, tzinfo=UTC)
REGULAR = "Tuesday 24 November 2026, 6pm to 7pm"
RUTH = "ruth@example.org"
ANSWERS = {"on": TUESDAY.isoformat(), "email": RUTH, "name": "", "agree": "on"}


@pytest.fixture
def protest(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    place = PlaceFactory(name="Chinese embassy", address="49 Portland Place\nLondon W1B 1JL")
    return ProtestFactory(slug="weekly", title="Weekly vigil", takes_names=True, schedule__place=place)


@pytest.fixture
def attendee(protest):
    return AttendeeFactory(protest=protest, on=TUESDAY)


@pytest.fixture
def come(client, protest):
    """Post the form with some answers changed; return the response."""
    return lambda **changes: client.post("/protests/weekly/coming/", ANSWERS | changes)


@pytest.fixture
def send(time_machine, mailoutbox):
    """Do the workers' work at a given time (by default a moment later); return the messages that this sends."""

    def send(at=NOW + timedelta(minutes=2)):
        before = len(mailoutbox)
        time_machine.move_to(at, tick=False)
        queue_news(at)
        queue_reminders(at)
        time_machine.move_to(at + timedelta(minutes=2), tick=False)
        while send_waiting():
            pass
        return mailoutbox[before:]

    return send


def change(protest, **fields):
    """Change what has been decided about the Tuesday."""
    return ProtestChange.objects.update_or_create(protest=protest, on=TUESDAY, defaults=fields)[0]
