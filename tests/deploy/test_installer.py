"""`deploy/install` and what `hub` does afterwards, in a Debian root of their own, with a stand-in for systemctl.

It needs root, `debootstrap`, and Debian's and Python's packages. HUB_ROOTS is a folder in which bare roots are kept
from one run to the next, which saves a minute.
"""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.checkouts import HERE

RELEASES = ["bookworm", "trixie"]
SHARED = ["/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"]
ENTER = """
mount --bind "$0" "$0"; mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; mount -t tmpfs tmpfs "$0/run"
mkdir -p "$0/run/systemd/system" "$0/run/postgresql" "$0/source"; chmod 1777 "$0/run/postgresql"
mount --bind "$1" "$0/source"; shift
exec chroot "$0" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
"""
# Packages call it before they have installed Python.
SYSTEMCTL = """#!/bin/sh
[ ! -x /usr/bin/python3 ] || exec /usr/bin/python3 /root/systemctl.py "$@"
"""
HOST = "trial.example"
TRIAL = Path(__file__).with_name("trial.sh")


def is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("installer"),
    pytest.mark.skipif(os.environ.get("PROVE") != "1", reason="It takes ten minutes: run it with `make prove`."),
    pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("debootstrap"), reason="It needs root and debootstrap."),
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
    (root / "usr/bin/systemctl").rename(root / "usr/bin/systemctl.debian")
    (root / "usr/bin/systemctl").write_text(SYSTEMCTL)
    (root / "usr/bin/systemctl").chmod(0o755)
    shutil.copy(HERE / "tests/deploy/systemctl.py", root / "root")
    shutil.copy(TRIAL, root / "root/trial.sh")
    yield root
    shutil.rmtree(root, ignore_errors=True)


def test_a_bare_debian_becomes_a_site_that_can_be_upgraded_and_returned(debian, repository):
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-euc", ENTER]
    command += [debian, repository, "bash", "/root/trial.sh", HOST]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)  # noqa: S603
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-8000:]
