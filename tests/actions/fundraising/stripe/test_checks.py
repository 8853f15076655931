"""Stripe settings with which the site refuses to start, before money can be lost."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from actions.fundraising.stripe.checks import check_stripe
from campaign.checks import refuse_to_start

LIVE = {
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_LIVE": True,
    "STRIPE_WEBHOOK_SECRETS": ["whsec_x"],
    "STRIPE_API_BASE": "",
    "DEBUG": False,
    "IS_HTTPS": True,
}


@pytest.fixture
def configure(settings):
    """Return a function that changes the settings of a site in live mode."""

    def change(**changes):
        for name, value in (LIVE | changes).items():
            setattr(settings, name, value)

    return change


def test_a_complete_live_configuration_passes(configure):
    configure()
    assert check_stripe() == []


def test_a_site_without_stripe_passes(configure):
    configure(STRIPE_SECRET_KEY="", STRIPE_LIVE=False, STRIPE_WEBHOOK_SECRETS=[], DEBUG=True, IS_HTTPS=False)
    assert check_stripe() == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"DEBUG": True}, "DEBUG"),
        ({"IS_HTTPS": False}, "https"),
        ({"STRIPE_SECRET_KEY": "sk_test_x"}, "must be a live key"),
        ({"STRIPE_SECRET_KEY": ""}, "must be a live key"),
        ({"STRIPE_WEBHOOK_SECRETS": []}, "STRIPE_WEBHOOK_SECRETS"),
        ({"STRIPE_WEBHOOK_SECRETS": [""]}, "STRIPE_WEBHOOK_SECRETS"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:1"}, "STRIPE_API_BASE"),
        ({"STRIPE_LIVE": False}, "STRIPE_LIVE is off"),
        ({"STRIPE_SECRET_KEY": "rk_live_x", "DEBUG": True}, "DEBUG"),
    ],
)
def test_an_incomplete_live_configuration_is_refused_with_the_reason(configure, changes, reason):
    configure(**changes)
    with pytest.raises(ImproperlyConfigured, match=reason):
        refuse_to_start()


def start_with_live_key(*command, **environment):
    """Run a command in a separate process, with a live key but no other configuration."""
    environment = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "STRIPE_SECRET_KEY": "sk_live_secret"} | environment
    return subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *command], env=os.environ | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [("-c", "import campaign.wsgi"), ("manage.py", "send_mail"), ("manage.py", "serve"), ("manage.py", "check")],
    ids=["web", "mail", "serve", "check"],
)
def test_no_process_starts_with_an_incomplete_live_configuration_or_prints_the_key(command):
    ran = start_with_live_key(*command)

    assert ran.returncode != 0
    assert "In live mode SITE_URL must begin with https://" in ran.stderr
    assert "sk_live_secret" not in ran.stderr + ran.stdout


def test_help_is_printed_whatever_the_configuration():
    ran = start_with_live_key("manage.py", "makemigrations", "--help", DEBUG="1")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("usage: manage.py makemigrations")
