"""Starting and running updates: by a worker, one at a time, and after an interruption."""

import subprocess
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaign.db import Lock, try_long_lock
from campaign.places.models import Sector
from campaign.public_data import starting
from campaign.public_data.models import DataUpdate


@pytest.fixture
def started(monkeypatch):
    """Return the commands that the worker starts, which end at once."""
    commands = []

    class Process:
        def __init__(self, command, **options):
            commands.append(command[1:])

        def poll(self):
            return 0

    monkeypatch.setattr(subprocess, "Popen", Process)
    return commands


def run(*options):
    out = StringIO()
    call_command("update_data", *options, stdout=out)
    return out.getvalue()


def test_a_worker_starts_a_process_for_waiting_updates(db, started):
    assert not starting.start_waiting(timezone.now())
    DataUpdate.objects.queue()

    assert starting.start_waiting(timezone.now())
    assert [command[1:] for command in started] == [["update_data", "--waiting"]]
    assert started[0][0].endswith("manage.py")


@pytest.mark.django_db(transaction=True)
def test_no_worker_starts_a_second_process_while_one_is_running(started):
    DataUpdate.objects.queue()
    with try_long_lock(Lock.UPDATE_DATA):
        assert not starting.start_waiting(timezone.now())

    assert not started


@pytest.mark.django_db(transaction=True)
def test_a_second_run_at_the_same_time_does_nothing():
    with try_long_lock(Lock.UPDATE_DATA):
        assert "Another update is running." in run()

    assert not DataUpdate.objects.exists()


def test_an_interrupted_update_is_marked_as_failed(db, started):
    DataUpdate.objects.create(source="postcodes", state="running")
    starting.start_waiting(timezone.now())

    update = DataUpdate.objects.get()
    assert update.state == "failed"
    assert "interrupted" in update.report
    assert not started


def test_the_process_runs_what_is_waiting_and_no_more(server):
    DataUpdate.objects.queue(source="postcodes")
    begins, *ends = run("--waiting").splitlines()
    assert begins.endswith(": fetching …")
    assert ends
    assert DataUpdate.objects.get().state == "done"

    run("--waiting")
    assert DataUpdate.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_update_does_not_meddle_with_an_import(server):
    DataUpdate.objects.queue(source="postcodes")
    with try_long_lock(Lock.IMPORT), pytest.raises(Exception, match="Not updated"):
        run("--waiting")

    assert "Somebody is importing data" in DataUpdate.objects.get().report
    assert not Sector.objects.exists()


def test_an_unexpected_error_is_reported_without_its_text(server, monkeypatch, caplog):
    def fail(*arguments):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("campaign.public_data.open_geography.newest", fail)
    with pytest.raises(Exception, match="Not updated"):
        run("--only", "postcodes")

    assert "secret" not in DataUpdate.objects.get().report
    assert DataUpdate.objects.get().state == "failed"


def test_one_failure_does_not_stop_the_other_update(few_seats):
    few_seats.results = []
    with pytest.raises(Exception, match="Not updated: postcodes"):
        run()

    assert dict(DataUpdate.objects.values_list("source", "state")) == {"postcodes": "failed", "mps": "done"}
