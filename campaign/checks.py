"""Checks that have to pass before the site starts, tagged START.

Django runs them for `manage.py check` and for most commands; gunicorn runs none, so `campaign.wsgi` calls
`refuse_to_start`. Each app registers its own.
"""

import logging
import os
from typing import Any

from django.core.checks import CheckMessage, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured

START = "start"
RENAMED = {
    "COUNT_STEP_LONGEST": "COUNT_MAX_WAIT",
    "COUNT_STEP_NUMBER": "COUNT_MIN_CHANGES",
    "KEEP_DAYS": "KEEP_BACKUPS_DAYS",
    "LIMIT_GIFTS_NETWORK": "DONATION_LIMIT_NETWORK",
    "LIMIT_GIFTS_SITE": "DONATION_LIMIT_SITE",
}
NOW_CONSTANT = {
    "ALARM_FAILED_GIFTS": "FAILED_DONATIONS_ALARM",
    "COUNT_STEP_SECONDS": "COUNT_INTERVAL",
    "KEEP_EVENTS_DAYS": "KEEP_STRIPE_EVENTS_DAYS",
    "KEEP_MESSAGES_DAYS": "KEEP_MESSAGES_DAYS",
    "KEEP_NETWORK_DAYS": "KEEP_NETWORK_DAYS",
    "KEEP_UNFINISHED_GIFTS_DAYS": "KEEP_UNPAID_DONATIONS_DAYS",
    "PLEDGE_CONFIRM_DAYS": "PLEDGE_CONFIRM_DAYS",
}
REMOVED = ("KEEP_SUSPECTED_DAYS", "MEDIA_STORAGE", "SUSPECT_DOMAIN", "SUSPECT_FAMILY", "SUSPECT_NETWORK")
REMOVE_IT = "Remove it from the environment."
log = logging.getLogger(__name__)


@register(START)
def check_old_variables(**_options: Any) -> list[CheckMessage]:
    """Warn of each environment variable that is set but no longer read, and say what replaced it."""
    renamed = {
        old: Warning(f"{old} is no longer read; its name is now {new}.", hint=f"Set {new} instead.", id="campaign.W001")
        for old, new in RENAMED.items()
    }
    constant = {
        old: Warning(
            f"{old} is no longer read; {setting} is a constant in campaign/settings.py.",
            hint=REMOVE_IT,
            id="campaign.W002",
        )
        for old, setting in NOW_CONSTANT.items()
    }
    removed = {
        old: Warning(f"{old} is no longer read; nothing replaces it.", hint=REMOVE_IT, id="campaign.W003")
        for old in REMOVED
    }
    return [message for old, message in (renamed | constant | removed).items() if old in os.environ]


def refuse_to_start() -> None:
    """Run the checks tagged START and log their warnings. Raises ImproperlyConfigured if any of them fails."""
    messages = [message for message in run_checks(tags=[START]) if not message.is_silenced()]
    errors = [message for message in messages if message.is_serious()]
    for message in messages:
        if message not in errors:
            log.warning("%s", message)
    if errors:
        raise ImproperlyConfigured(" ".join(str(error.msg) for error in errors))
