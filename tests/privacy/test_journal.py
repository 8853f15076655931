"""The journal of erasures as a file: full disks, network shares that hang, several writers, retention."""

import fcntl
import os
import shutil
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.checks import START
from campaign.mail.models import Message
from campaign.privacy import checks, erasures, journal
from campaign.privacy.erasures import Erasure
from campaign.privacy.models import ErasureEntry
from tests.factories import MessageFactory

HASH = b"x" * 32
MOUNT, UMOUNT = shutil.which("mount"), shutil.which("umount")


@pytest.fixture(autouse=True)
def path(settings, tmp_path):
    settings.ERASURE_JOURNAL = str(tmp_path / "kept" / "erasures.log")
    return Path(settings.ERASURE_JOURNAL)


@pytest.fixture
def try_each_time(monkeypatch):
    monkeypatch.setattr(journal, "MIN_SECONDS_BETWEEN_TRIALS", 0)


@pytest.fixture
def full_disk(settings, tmp_path):
    """Put the journal on a full disk of 64 kB; return the file that fills it."""
    place = tmp_path / "disk"
    place.mkdir()
    command = [MOUNT, "-t", "tmpfs", "-o", "size=64k", "none", place]
    if not MOUNT or subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 - our own command
        pytest.skip("Only root may mount a disk.")
    settings.ERASURE_JOURNAL = str(place / "erasures.log")
    filling = place / "filling"
    with suppress(OSError):
        filling.write_bytes(bytes(1_000_000))
    yield filling
    subprocess.run([UMOUNT, place], check=True)  # noqa: S603 - our own command


def line(about="1", days=0):
    return Erasure(timezone.now() - timedelta(days=days), "withdraw", about, HASH).line()


def subjects(path):
    erased, damaged = erasures.read(path)
    assert not damaged
    return [one.about for one in erased]


def test_a_full_disk_makes_the_site_unready_until_there_is_room(client, db, full_disk, try_each_time):
    erasures.record(Erasure(timezone.now(), "withdraw", "1", HASH))

    assert erasures.write_waiting() == 0
    response = client.get("/readyz")
    assert (response.status_code, response.json()["erasures"]) == (503, False)
    assert ErasureEntry.objects.count() == 1

    full_disk.unlink()
    assert client.get("/readyz").json()["erasures"] is True
    assert erasures.write_waiting() == 1
    assert not ErasureEntry.objects.exists()


def test_a_batch_that_does_not_fit_leaves_nothing_behind(settings, full_disk):
    full_disk.write_bytes(bytes(50_000))
    journal.append(line("first"))
    with pytest.raises(OSError, match="No space left"):
        journal.append(line("second") * 1000)

    full_disk.unlink()
    assert subjects(Path(settings.ERASURE_JOURNAL)) == ["first"]
    journal.append(line("third"))
    assert subjects(Path(settings.ERASURE_JOURNAL)) == ["first", "third"]


def test_the_disk_is_tried_at_most_every_ten_seconds(client, db, path, monkeypatch):
    assert client.get("/readyz").json()["erasures"] is True
    shutil.rmtree(path.parent)
    path.parent.write_text("no folder")
    assert client.get("/readyz").json()["erasures"] is True

    monkeypatch.setattr(journal, "MIN_SECONDS_BETWEEN_TRIALS", 0)
    assert client.get("/readyz").json()["erasures"] is False


def test_trying_the_disk_leaves_nothing_behind(path, try_each_time):
    assert journal.is_writable()

    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == b""


def test_a_folder_instead_of_the_journal_makes_the_site_unready(client, db, path):
    path.mkdir(parents=True)

    assert client.get("/readyz").json()["erasures"] is False


def test_an_entry_that_waits_for_two_minutes_makes_the_site_unready(client, db):
    entry = ErasureEntry.objects.create(line=line())
    assert client.get("/readyz").json()["erasures"] is True

    ErasureEntry.objects.update(noted_at=entry.noted_at - timedelta(seconds=121))
    assert client.get("/readyz").json()["erasures"] is False
    erasures.write_waiting()
    assert client.get("/readyz").json()["erasures"] is True


def test_a_machine_without_a_journal_leaves_entries_to_the_worker(client, db, settings, path):
    settings.ERASURE_JOURNAL = ""
    erasures.record(Erasure(timezone.now(), "withdraw", "1", HASH))
    assert erasures.write_waiting() == 0
    assert client.get("/readyz").json()["erasures"] is True

    settings.ERASURE_JOURNAL = str(path)
    call_command("publish_counts", "--once")
    assert subjects(path) == ["1"]


def test_a_disk_that_does_not_respond_holds_nobody_up(db, path, monkeypatch):
    monkeypatch.setattr(journal, "MAX_DISK_SECONDS", 0.2)
    erasures.record(Erasure(timezone.now(), "withdraw", "1", HASH))
    path.parent.mkdir()
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert erasures.write_waiting() == 0
        assert not journal.is_writable()  # the one thread that may wait is still waiting

    journal.disk.submit(bool).result()
    erasures.write_waiting()
    assert set(subjects(path)) == {"1"}
    assert not ErasureEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_write_each_line_once(path):
    def write(number):
        erasures.record(Erasure(timezone.now(), "withdraw", str(number), bytes([number]) * 32))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(100)))
    erasures.write_waiting()
    assert sorted(subjects(path), key=int) == [str(number) for number in range(100)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_thousands_of_entries_are_written_in_batches(db, path):
    erasures.record(*(Erasure(timezone.now(), "withdraw", str(number), HASH) for number in range(2500)))

    assert [erasures.write_waiting() for _ in range(4)] == [1000, 1000, 500, 0]
    assert subjects(path) == [str(number) for number in range(2500)]


def test_a_line_cut_short_by_a_power_failure_spoils_no_later_line(path):
    journal.append(line("1"))
    with path.open("a") as file:
        file.write("2026-11-20T10:00:00+00:00 withd")
    journal.append(line("2"))

    erased, damaged = erasures.read(path)
    assert [one.about for one in erased] == ["1", "2"]
    assert damaged == [2]


def test_retention_deletes_old_lines(path, db):
    for days in (401, 399):
        journal.append(line(str(days), days))
    call_command("retention")

    assert subjects(path) == ["399"]


def test_an_unreadable_line_is_kept_and_stops_no_other_rule(path, db):
    MessageFactory(done_at=timezone.now() - timedelta(days=31), outcome="sent")
    journal.append(line(days=401))
    with path.open("ab") as file:
        file.write(b"rub\xffbish\n")
    call_command("retention")

    assert path.read_bytes() == b"rub\xffbish\n"
    assert not Message.objects.exists()


def test_interrupted_shortening_loses_nothing(path, db, monkeypatch):
    for days in (401, 1):
        journal.append(line(str(days), days))

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", die)
    with pytest.raises(KeyboardInterrupt):
        call_command("retention")
    assert subjects(path) == ["401", "1"]


def test_lines_written_during_shortening_are_not_lost(path):
    for _ in range(50):
        journal.append(line("old", days=401))

    def act(number):
        if number % 5:
            journal._append(line(str(number)).encode())  # in a separate thread, as another process would
        else:
            journal.shorten(timezone.now() - timedelta(days=400))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(100)))
    assert set(subjects(path)) == {str(number) for number in range(100) if number % 5}


@pytest.mark.parametrize(
    ("place", "finding"),
    [
        ("/tmp/erasures.log", "privacy.E002"),  # noqa: S108 - the point
        ("/run/hub/erasures.log", "privacy.E002"),
        ("/srv/hub/var/erasures.log", "privacy.W001"),
        ("/var/lib/postgresql/15/main/erasures.log", "privacy.W001"),
    ],
)
def test_a_journal_in_an_unsafe_place_is_reported_before_it_is_used(settings, place, finding):
    settings.BASE_DIR = Path("/srv/hub")  # wherever this checkout is, such as below /tmp
    settings.ERASURE_JOURNAL = place

    assert [message.id for message in checks.check_journal()] == [finding]


@pytest.mark.parametrize("place", ["", "/var/lib/campaign-hub/erasures.log"])
def test_a_journal_in_its_own_folder_or_on_another_machine_is_fine(settings, place):
    settings.ERASURE_JOURNAL = place

    assert checks.check_journal() == []


@pytest.mark.parametrize(("backups", "journal", "findings"), [(14, 400, []), (30, 33, []), (30, 32, ["privacy.E003"])])
def test_backups_must_expire_before_the_journal_does(settings, backups, journal, findings):
    settings.KEEP_BACKUPS_DAYS, settings.KEEP_ERASURES_DAYS = backups, journal

    assert [message.id for message in run_checks(tags=[START])] == findings
