"""Two PostgreSQL servers on this machine, a primary and its streaming replica, which a test can stop and hold back."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
from django.db import connection

from campaign.devserver import localdb, processes
from tests.checkouts import free_port, wait_until
from tests.databases import connected_to

PROGRAMS = localdb._programs() / localdb.SERVER / "bin"
OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c hot_standby_feedback=on"


class Server:
    """One of the two servers."""

    def __init__(self, folder, name):
        self.data, self.port = folder / name, free_port()

    @property
    def url(self):
        return f"postgres://hub@127.0.0.1:{self.port}/hub"

    def run(self, program, *arguments):
        """Run one of PostgreSQL's programs, which refuse to run as root."""
        identity = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(localdb.SERVER_USER)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        command = [PROGRAMS / program, *arguments]
        out = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        tied = {"cwd": self.data.parent, "preexec_fn": processes.tied()}
        subprocess.run(command, check=True, env={"LC_ALL": "C.UTF-8"}, **out, **tied, **identity)  # noqa: S603 - ours

    def start(self):
        log = ["-l", self.data.with_suffix(".log")]
        self.run("pg_ctl", "-D", self.data, "-w", *log, "-o", f"-p {self.port} {OPTIONS}", "start")

    def stop(self, mode="immediate"):
        """Stop the server. The default mode is like a failure of the machine; the others are those of pg_ctl."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def is_running(self):
        with suppress(psycopg2.OperationalError):
            return self.ask("SELECT true") == (True,)
        return False

    @contextmanager
    def in_use(self):
        """Connect this process to this server's database during the block."""
        with connected_to(HOST="127.0.0.1", PORT=str(self.port), NAME="hub", USER="hub", PASSWORD=""):
            yield self

    def ask(self, question, *values):
        """Run a statement; return its first row, if it has rows."""
        with closing(psycopg2.connect(self.url)) as own, own, own.cursor() as cursor:
            cursor.execute(question, values)
            return cursor.fetchone() if cursor.description else None


@contextmanager
def copy_of_database(folder=None):
    """Run a server with a copy of the test's database; yield it. If given, `folder` must be empty."""
    made = None if folder else Path(tempfile.mkdtemp(prefix="hub-replication-"))
    primary = Server(folder or made, "primary")
    if os.geteuid() == 0:
        shutil.chown(folder or made, localdb.SERVER_USER)
    try:
        primary.run("initdb", "-D", primary.data, "-U", "hub", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust")
        primary.start()
        copy_database(primary)
        yield primary
    finally:
        with suppress(subprocess.CalledProcessError):
            primary.stop()
        if made:
            shutil.rmtree(made)


@contextmanager
def replicated():
    """Start both servers, with a copy of the test's database; yield them."""
    with copy_of_database() as primary:
        replica = Server(primary.data.parent, "replica")
        address = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "hub"]
        primary.run("pg_basebackup", *address, "-D", replica.data, "-R", "-c", "fast", "-X", "stream")
        try:
            replica.start()
            wait_until(lambda: primary.ask("SELECT state FROM pg_stat_replication") == ("streaming",))
            yield primary, replica
        finally:
            with suppress(subprocess.CalledProcessError):
                replica.stop()


def copy_database(primary):
    """Copy the test's database to the primary."""
    own = connection.settings_dict
    address = [f"--host={own['HOST']}", f"--port={own['PORT'] or 5432}", f"--username={own['USER']}"]
    secret = os.environ | {"PGPASSWORD": own["PASSWORD"]}
    target = primary.url.rpartition("/")[0]
    command = [PROGRAMS / "pg_dump", *address, "--no-owner", own["NAME"]]
    dumped = subprocess.run(command, check=True, env=secret, capture_output=True).stdout  # noqa: S603 - ours
    for arguments, given in ((["-c", "CREATE DATABASE hub", f"{target}/postgres"], b""), ([f"{target}/hub"], dumped)):
        command = [PROGRAMS / "psql", "-q", "-v", "ON_ERROR_STOP=1", *arguments]
        subprocess.run(command, input=given, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
