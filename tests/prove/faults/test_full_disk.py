"""The database's disk fills up while people sign, and is freed again. The disk is a small one in memory."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.checkouts import wait_until
from tests.front import front
from tests.prove.faults import FAULT, PAGES
from tests.replication import copy_of_database
from tests.traffic import Traffic

DISK = "400m"
BLOCK = 64 * 1024
pytestmark = [*FAULT, pytest.mark.skipif(os.geteuid() != 0, reason="Only root may mount a disk.")]


@pytest.fixture
def disk():
    """Mount a small disk where the database's own user can reach it; yield its folder."""
    folder = Path(tempfile.mkdtemp(prefix="hub-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603 - our own command
        folder.rmdir()
        pytest.skip("This machine doesn't let us mount a disk.")
    yield folder
    subprocess.run(["umount", folder], check=True)  # noqa: S603, S607
    folder.rmdir()


@contextmanager
def full(disk):
    """Fill the disk during the block. Yield a function that fills any space freed since."""
    ballast = disk / "ballast"
    fill(ballast)
    try:
        yield lambda: fill(ballast)
    finally:
        ballast.unlink()


def fill(ballast):
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * BLOCK)


def test_a_full_disk_loses_nothing_and_the_site_recovers(path, disk, tmp_path, record_property):
    with copy_of_database(disk) as server, server.in_use(), front(tmp_path, "http", DATABASE_URL=server.url) as site:
        with Traffic(site.port, path, PAGES) as traffic:
            traffic.go_on(50)
            with full(disk) as fill_up:
                wait_until(lambda: fill_up() or 503 in traffic.signing)
                traffic.go_on(100)
                free = shutil.disk_usage(disk).free
            gave_up = not server.is_running()
            if gave_up:  # it had no room for its log; in production, systemd or an operator restarts it
                server.start()
            signed = len(traffic.signed)
            wait_until(lambda: len(traffic.signed) > signed + 20)

        record_property("summary", f"{traffic}; {free} bytes free; PostgreSQL {'stopped' if gave_up else 'went on'}")
        assert set(traffic.signing) == {302, 503}
        assert set(traffic.reading) == {200}
        assert traffic.lost() == set()
