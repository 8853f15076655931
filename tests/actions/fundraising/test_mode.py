"""Settings with which the site refuses to start, before money can be lost."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from actions.fundraising.stripe import checks

LIVE = {
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_LIVE": True,
    "STRIPE_WEBHOOK_SECRETS": ["whsec_x"],
    "STRIPE_API_BASE": "",
    "DEBUG": False,
    "IS_HTTPS": True,
}


@pytest.fixture
def set_up(settings):
    """Change the settings of a site that takes real money."""

    def change(**changes):
        for name, value in (LIVE | changes).items():
            setattr(settings, name, value)

    return change


def test_a_whole_set_up_is_in_order(set_up):
    set_up()
    checks.check_mode()


def test_without_stripe_all_is_in_order(set_up):
    set_up(STRIPE_SECRET_KEY="", STRIPE_LIVE=False, STRIPE_WEBHOOK_SECRETS=[], DEBUG=True, IS_HTTPS=False)
    checks.check_mode()


@pytest.mark.parametrize(
    ("changes", "named"),
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
def test_live_mode_half_set_up_is_refused_by_name(set_up, changes, named):
    set_up(**changes)
    with pytest.raises(ImproperlyConfigured, match=named):
        checks.check_mode()


def test_the_web_server_itself_does_not_start_and_does_not_print_the_key():
    """Django's checks are not run by gunicorn: it has to be refused where the application is made."""
    environment = os.environ | {"STRIPE_SECRET_KEY": "sk_live_secret", "SITE_URL": "http://127.0.0.1:8000"}
    environment["DJANGO_SETTINGS_MODULE"] = "campaign.settings"
    ran = subprocess.run(
        [sys.executable, "-c", "import campaign.wsgi"], env=environment, capture_output=True, text=True, check=False
    )

    assert ran.returncode != 0
    assert "In live mode SITE_URL must begin with https://" in ran.stderr
    assert "sk_live_secret" not in ran.stderr
