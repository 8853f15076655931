"""The checks at start, as reported by the commands and by gunicorn, which runs none of Django's own checks."""

import logging
import os
import subprocess
import sys

import pytest
from django.core.checks import Error, Warning, registry
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from campaign import checks
from campaign.management.commands import serve


@pytest.fixture
def messages(monkeypatch):
    """Return a list of messages for a check at start to report, instead of the site's own checks."""
    messages = []
    monkeypatch.setattr(registry.registry, "registered_checks", set())
    registry.register(lambda **_options: messages, checks.START)
    return messages


def test_an_error_prevents_starting_and_everything_is_logged(messages, caplog):
    messages += [Warning("This is odd.", id="x.W001"), Error("This is wrong.", id="x.E001"), Error("So is this.")]

    with pytest.raises(ImproperlyConfigured) as refused:
        checks.refuse_to_start()
    assert str(refused.value) == "This is wrong. So is this."
    assert [(line.levelno, line.getMessage()) for line in caplog.records] == [
        (logging.WARNING, "?: (x.W001) This is odd."),
        (logging.CRITICAL, "?: (x.E001) This is wrong."),
        (logging.CRITICAL, "?: So is this."),
    ]


def test_a_silenced_error_does_not_prevent_starting(messages, settings):
    settings.SILENCED_SYSTEM_CHECKS = ["x.E001"]
    messages.append(Error("This is wrong.", id="x.E001"))

    checks.refuse_to_start()


def test_the_site_starts_without_warnings(caplog):
    checks.refuse_to_start()

    assert caplog.records == []


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("LIMIT_GIFTS_NETWORK", "its name is now DONATION_LIMIT_NETWORK"),
        ("KEEP_DAYS", "its name is now KEEP_BACKUPS_DAYS"),
        ("ALARM_FAILED_GIFTS", "FAILED_DONATIONS_ALARM is a constant"),
        ("SUSPECT_DOMAIN", "nothing replaces it"),
    ],
)
def test_an_old_variable_that_is_still_set_is_reported_without_its_value(monkeypatch, old, said):
    monkeypatch.setenv(old, "12/345")
    (warning,) = checks.check_old_variables()

    assert f"{old} is no longer read" in warning.msg
    assert said in warning.msg
    assert "12/345" not in str(warning)


@pytest.mark.parametrize(
    "command",
    [("-c", "import campaign.wsgi"), ("manage.py", "send_mail", "--help"), ("manage.py", "check")],
    ids=["web", "help", "check"],
)
def test_processes_report_an_old_variable_but_still_start(command):
    environment = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "KEEP_EVENTS_DAYS": "30"}
    ran = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *command], env=os.environ | environment, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0
    assert ("(campaign.W002) KEEP_EVENTS_DAYS is no longer read" in ran.stderr) == ("--help" not in command)


def test_every_new_name_is_a_setting_and_no_old_one_is(settings):
    assert all(hasattr(settings, name) for name in checks.NOW_CONSTANT.values())
    kept = {old for old, setting in checks.NOW_CONSTANT.items() if old == setting}
    assert not any(hasattr(settings, name) for name in {*checks.RENAMED, *checks.NOW_CONSTANT, *checks.REMOVED} - kept)


@pytest.mark.django_db
def test_a_database_with_the_former_tables_is_refused_in_one_sentence():
    MigrationRecorder(connection).record_applied(*checks.FORMER_MIGRATION)

    with pytest.raises(CommandError, match=r"campaign\.E001.*can't upgrade it.*delete /"):
        call_command("migrate", skip_checks=False)
    with pytest.raises(CommandError, match="^This database was made by an earlier version of the hub") as caught:
        serve.check_database()
    assert "\n" not in str(caught.value)
