"""PostgreSQL clusters for one test, which archive their log as `hub archive on` does."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from campaign.devserver import localdb
from tests.checkouts import HERE, wait_until
from tests.databases import connected_to

DATABASE = "campaign_hub"
KEEP_DAYS = 14


class Cluster:
    """A server that only listens on a socket in its folder, and everything that its user does."""

    def __init__(self, folder, recipient):
        self.folder, self.archive, self.deploy = folder, folder / "archive", folder / "deploy"
        self.programs = localdb._programs() / localdb.SERVER / "bin"
        for part in ("log", "base", "tmp"):
            (self.archive / part).mkdir(parents=True)
        shutil.copytree(HERE / "deploy", self.deploy)
        self.settings = folder / "archive.env"
        self.settings.write_text(
            f"ARCHIVE={self.archive}\nBACKUP_RECIPIENT={recipient}\nKEEP_BACKUPS_DAYS={KEEP_DAYS}\nexport PGPORT=5432\n"
        )
        self.identity = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(localdb.SERVER_USER)
            self.identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid)

    def run(self, *command, **options):
        """Run a command as the server's user; return what it printed, as bytes."""
        environment = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "PGHOST": str(self.folder),
            "PGUSER": "postgres",
            "ARCHIVE_SETTINGS": str(self.settings),
            "POSTGRES_PROGRAMS": str(self.programs),
            "TMPDIR": str(self.archive / "tmp"),
            "LC_ALL": "C.UTF-8",
        }
        with tempfile.TemporaryFile() as said:
            ran = subprocess.run(  # noqa: S603 - our own commands
                command,
                env=environment,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=said,
                check=False,
                **self.identity,
                **options,
            )
            said.seek(0)
            assert ran.returncode == 0, said.read().decode()
        return ran.stdout

    def start(self):
        if not (self.folder / "data").exists():
            self.run("initdb", "-D", "data", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
            with (self.folder / "data/postgresql.conf").open("a") as conf:
                conf.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n")
                conf.write(f'archive_mode = on\narchive_command = \'{self.deploy}/archive "%p" "%f"\'\n')
        self.run("pg_ctl", "-D", "data", "-l", "server.log", "-w", "start")

    def stop(self):
        """Stop it at once, as a power cut would."""
        self.run("pg_ctl", "-D", "data", "-m", "immediate", "stop")

    def sql(self, statement):
        return self.run("psql", "-AtXqc", statement, "postgres").decode().strip()

    def archive_all(self):
        """Return once the log up to now is in the archive: the path of its last piece."""
        piece = self.sql("SELECT pg_walfile_name(pg_switch_wal()) FROM pg_create_restore_point('test')")
        path = self.archive / "log" / f"{piece}.gz.age"
        wait_until(path.exists)
        return path

    def fill(self, dump):
        """Make the site's database from a backup."""
        self.run("createdb", "-T", "template0", DATABASE)
        url = f"postgresql:///{DATABASE}"
        self.run("env", f"DATABASE_URL={url}", self.deploy / "restore", "-", input=dump)

    @contextmanager
    def in_use(self):
        """Let this process use the site's database here; afterwards, return to its own."""
        with connected_to(HOST=str(self.folder), PORT="", NAME=DATABASE, USER="postgres", PASSWORD=""):
            yield self


@contextmanager
def cluster(recipient):
    """Run a cluster; its folder has a short name, because a socket's path may have at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True) as folder:
        made = Cluster(Path(folder), recipient)
        made.start()
        try:
            yield made
        finally:
            if (made.folder / "data/postmaster.pid").exists():
                made.stop()
