"""The site that hostile input is sent to, and a summary of its responses."""

import os
from collections import Counter

import pytest

from campaign.handler import Utf8Request
from tests.actions.fundraising.conftest import stripe  # noqa: F401 - a fixture
from tests.prove.site import Site


@pytest.fixture
def site(transactional_db, stripe, settings, monkeypatch):  # noqa: F811
    """Return a site with data on every page, without the limits that slow visitors down."""
    monkeypatch.setattr("django.test.client.WSGIRequest", Utf8Request)  # as under gunicorn
    settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": ["name:secret"]}
    monkeypatch.setattr("campaign.bounces.views.is_genuine", lambda *_args: True)  # so all input reaches the parser
    settings.DONATION_LIMITS = {"network": (10**9, 600), "site": (10**9, 600)}
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 0)
    return Site()


@pytest.fixture(scope="session")
def seed():
    """Return the seed of the random numbers: the same in every run unless `make prove SEED=…` sets another."""
    return int(os.environ.get("PROVE_SEED", "1"))


def pytest_terminal_summary(terminalreporter):
    """Report what was sent and how the site responded."""
    posts = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "summary":
                terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {value}")
            elif name == "posts":
                posts.update(value)
    if posts:
        each = ", ".join(f"{form} {count:,}" for form, count in sorted(posts.items()))
        terminalreporter.write_line(f"{posts.total():,} posts to {len(posts)} forms and pages: {each}.")
