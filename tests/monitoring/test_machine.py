"""The parts of `/readyz` that are about the machine: its disks and its clock."""

import json
from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.utils import timezone

from campaign.media.storage import storage_at
from campaign.monitoring import error_count, machine
from tests.monitoring.test_metrics import scrape

pytestmark = pytest.mark.django_db


def ready(client):
    return json.loads(client.get("/readyz").content)


def test_a_disk_with_too_little_room_makes_the_site_unready(client, monkeypatch):
    assert ready(client)["disk"] is True

    monkeypatch.setattr(machine, "MIN_FREE_BYTES", 10**18)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["disk"]) == (503, False)


def test_the_disks_of_uploads_the_journal_and_temporary_files_are_checked(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {"default": storage_at(str(tmp_path / "not" / "yet" / "made"))}
    settings.ERASURE_JOURNAL = str(tmp_path / "journal" / "erasures.log")

    assert machine.folders().keys() == {"temporary", "journal", "media"}
    assert all(free > 0 for free in machine.free_bytes().values())
    settings.ERASURE_JOURNAL = ""
    assert machine.folders().keys() == {"temporary", "media"}


def test_a_disk_that_does_not_respond_counts_as_full(monkeypatch):
    hanging = Event()
    monkeypatch.setattr(machine, "MAX_DISK_SECONDS", 0.1)
    machine.disks.submit(hanging.wait)
    try:
        assert not machine.has_room()
    finally:
        hanging.set()


@pytest.mark.parametrize(("seconds", "is_right"), [(0, True), (3, True), (-3, True), (9, False), (-9, False)])
def test_a_clock_that_differs_from_the_databases_makes_the_site_unready(client, seconds, is_right):
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        timezone.now()  # the clock of time-machine does not move until somebody reads it
        assert ready(client)["clock"] is is_right
        assert scrape(client)["hub_clock_offset_seconds",] == pytest.approx(-seconds, abs=1.5)


def test_errors_are_counted_by_all_processes(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    assert error_count.count() == 0

    for _number in range(3):
        error_count.ErrorCounter().emit(None)
    assert error_count.count() == 3


def test_errors_that_cannot_be_counted_do_no_harm(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "missing"))
    error_count.ErrorCounter().emit(None)

    assert error_count.count() == 0
