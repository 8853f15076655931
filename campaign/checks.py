"""Checks that have to pass before the site starts, tagged START.

Django runs them for `manage.py check` and for most commands; gunicorn runs none, so `campaign.wsgi` calls
`refuse_to_start`. Each app registers its own.
"""

import logging
import os
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from campaign.devserver import localdb
from campaign.monitoring.log_lines import Safe

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
REMOVED = ("KEEP_SUSPECTED_DAYS", "SUSPECT_DOMAIN", "SUSPECT_FAMILY", "SUSPECT_NETWORK")
REMOVE_IT = "Remove it from the environment."
# A migration from before the tables were renamed and the migrations squashed.
FORMER_MIGRATION = ("mail", "0002_addresses_never_to_be_written_to")
FORMER_TABLES = (
    "This database was made by an earlier version of the hub, and this version can't upgrade it: set DATABASE_URL to a "
    "new, empty database or, if it is the one that `make run` keeps, delete {folder}."
)
log = logging.getLogger(__name__)


@register(START)
def check_old_variables(**_options: Any) -> list[CheckMessage]:
    """Return a warning about each environment variable that is set but no longer read, with its replacement."""
    renamed = {
        old: Warning(f"{old} is no longer read; its name is now {new}.", hint=f"Set {new} instead.", id="campaign.W001")
        for old, new in RENAMED.items()
    }
    constant = {
        old: Warning(
            f"{old} is no longer read; {setting} is a constant in campaign/settings.",
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


@register(Tags.database)
def check_former_tables(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Return an error if `migrate` is about to change a database whose tables have their former names."""
    return [Error(former_tables_message(), id="campaign.E001")] if databases and has_former_tables() else []


def has_former_tables() -> bool:
    """Return whether the tables of the database have their former names."""
    return FORMER_MIGRATION in MigrationRecorder(connection).applied_migrations()


def former_tables_message() -> str:
    """Return what to do about a database whose tables have their former names."""
    return FORMER_TABLES.format(folder=localdb.data_folder())


def refuse_to_start() -> None:
    """Run the checks tagged START and log their warnings. Raises ImproperlyConfigured if any of them fails."""
    messages = [message for message in run_checks(tags=[START]) if not message.is_silenced()]
    errors = [message for message in messages if message.is_serious()]
    for message in messages:
        if message not in errors:
            log.warning("%s", Safe(message))
    for error in errors:
        log.critical("%s", Safe(error))
    if errors:
        raise ImproperlyConfigured(" ".join(str(error.msg) for error in errors))
