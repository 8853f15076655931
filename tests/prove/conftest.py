"""A site with a row of everything to try hostile input on, and a report of what was tried."""

import os

import pytest

from campaign.handler import Utf8Request
from tests.actions.fundraising.conftest import stripe  # noqa: F401 - a fixture
from tests.prove.site import Site


@pytest.fixture
def site(transactional_db, stripe, settings, monkeypatch):  # noqa: F811
    """The whole site, without what slows strangers down."""
    monkeypatch.setattr("django.test.client.WSGIRequest", Utf8Request)  # as gunicorn has it
    settings.DONATION_LIMITS = {"network": (10**9, 600), "site": (10**9, 600)}
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 0)
    return Site()


@pytest.fixture(scope="session")
def seed():
    """Of the random numbers: the same in every run, but for `make prove SEED=…`."""
    return int(os.environ.get("PROVE_SEED", "1"))


def pytest_terminal_summary(terminalreporter):
    """Say what was tried, and how it was answered."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "tried" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {value}")
