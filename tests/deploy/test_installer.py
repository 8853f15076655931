"""`deploy/install` and what `hub` does afterwards, in a bare Debian that systemd boots as on a server.

It needs root, `debootstrap`, `systemd-nspawn`, and Debian's and Python's packages. HUB_ROOTS is a folder in which bare
roots are kept from one run to the next, which saves a minute.
"""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.checkouts import HERE, wait_until

RELEASES = ["bookworm", "trixie"]
SHARED = ["/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"]
BOOT = ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--link-journal=no", "--console=pipe"]
# Debian 13's systemd asks for this where the control groups are of the first version. Elsewhere it changes nothing.
OLD_GROUPS = "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"
CLEAN = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]
HOST = "trial.example"
PARTS = ("trial.sh", "removal.sh")  # with a reboot between them


def is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("installer"),
    pytest.mark.skipif(os.environ.get("PROVE") != "1", reason="It takes ten minutes: run it with `make prove`."),
    pytest.mark.skipif(
        os.geteuid() != 0 or not (shutil.which("debootstrap") and shutil.which("systemd-nspawn")),
        reason="It needs root, debootstrap and systemd-nspawn.",
    ),
    pytest.mark.skipif(
        not (is_free(80) and is_free(443) and is_free(5432)), reason="Ports 80, 443 and 5432 are needed."
    ),
]


@pytest.fixture
def repository(tmp_path):
    """Return a clone of this checkout with two more branches: `next` has another style
    sheet and a new timer, `broken` can't start."""
    folder = tmp_path / "repository"
    git("clone", "--quiet", HERE, folder)
    git("-C", folder, "switch", "--quiet", "-C", "main")
    timer = (HERE / "deploy/systemd/campaign-hub-links.timer").read_text()
    timer = timer.replace("[Timer]", "[Timer]\nUnit=campaign-hub-links.service")
    another = {"static/hub.css": "\n/* another version */\n", "deploy/systemd/campaign-hub-next.timer": timer}
    change(folder, "next", another)
    change(folder, "broken", {"campaign/wsgi.py": "\nraise SystemExit(1)\n"})
    return folder


def change(folder, branch, additions):
    git("-C", folder, "switch", "--quiet", "--create", branch, "main")
    for path, text in additions.items():
        with (folder / path).open("a") as file:
            file.write(text)
    git("-C", folder, "add", "--all")
    git("-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-am", "A change")
    git("-C", folder, "switch", "--quiet", "main")


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607


@pytest.fixture(params=RELEASES)
def debian(request, tmp_path):
    """Return a bare Debian root."""
    kept = os.environ.get("HUB_ROOTS")
    bare = Path(kept or tmp_path) / f"bare-{request.param}"
    if not bare.exists():
        draft = bare.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        options = ["--variant=minbase", "--include=ca-certificates,procps,systemd"]
        subprocess.run(["debootstrap", *options, request.param, draft], check=True, capture_output=True)  # noqa: S603, S607
        draft.rename(bare)
    root = tmp_path / "root"
    subprocess.run(["cp", "-a", bare, root], check=True)  # noqa: S603, S607
    for path in filter(Path.exists, map(Path, SHARED)):
        shutil.copy(path, f"{root}{path}")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")  # which Debian's own installer writes
    (root / "etc/machine-id").unlink(missing_ok=True)  # each machine makes its own when it boots
    for script in ("trial_functions.sh", *PARTS):
        shutil.copy(Path(__file__).with_name(script), root / "root")
    yield root
    shutil.rmtree(root, ignore_errors=True)


@contextmanager
def booted(root, repository):
    """Boot systemd in the root, with the repository at /source; yield a function that runs a script of ours there."""
    command = [*BOOT, "--resolv-conf=off", "-D", root, f"--bind={repository}:/source", OLD_GROUPS]
    nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)  # noqa: S603
    children = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children")

    def run(*command):
        enter = ["nsenter", "--target", children.read_text().strip(), "--all", *CLEAN]
        return subprocess.run([*enter, *command], capture_output=True, text=True, check=False, timeout=3600)  # noqa: S603

    def is_running():
        return children.read_text() and run("systemctl", "is-system-running").stdout in ("running\n", "degraded\n")

    try:
        wait_until(is_running)
        yield run
        run("systemctl", "poweroff")
        nspawn.wait(timeout=120)
    finally:
        if nspawn.poll() is None:
            for first in children.read_text().split():
                os.kill(int(first), signal.SIGKILL)  # which ends all other processes of that machine
            nspawn.kill()
            nspawn.wait()


def test_a_bare_debian_becomes_a_site_that_can_be_upgraded_and_returned_and_survives_a_reboot(debian, repository):
    for part in PARTS:
        with booted(debian, repository) as run:
            ran = run("bash", f"/root/{part}", HOST)
            assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-8000:]
