"""Fixtures for tests of the public tracker."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.businesses.models import Kind
from tests.actions.businesses.ledger import add, deliver, publish_claim

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def get(client):
    """Return a function that returns the HTML of a page below /businesses/."""
    return lambda path="", **query: client.get(f"/businesses/{path}", query).content.decode()


@pytest.fixture
def claim(brand, ada, grace, time_machine):
    """Return a published claim."""
    time_machine.move_to(NOON, tick=False)
    claim = add(brand, Kind.DECLINED, ada, grace, note="It wrote that it will not commit.")
    deliver(claim)
    time_machine.move_to(NOON + timedelta(days=16), tick=False)
    publish_claim(claim, ada, grace)
    return claim
