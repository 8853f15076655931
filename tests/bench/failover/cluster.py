"""Three PostgreSQL servers under Patroni on this machine, with etcd and HAProxy, as configured in deploy/patroni/."""

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from campaign.devserver import localdb, processes
from tests.bench.load import is_listening
from tests.checkouts import HERE, free_port, wait_until

BIN = Path("/usr/lib/postgresql/15/bin")
PATH = f"{BIN}:{os.environ['PATH']}:/usr/bin:/usr/sbin"
PROGRAMS = {name: shutil.which(name, path=PATH) for name in ("patroni", "etcd", "haproxy", "psql")}
EXAMPLES = HERE / "deploy" / "patroni"
MACHINES = range(1, 4)
SUPERUSER, OWNER, SITE = ("postgres", "PASSWORD-SUPERUSER"), ("campaign_hub_owner", "owner"), ("campaign_hub", "site")


class Node:
    """One of the three machines: Patroni, and the PostgreSQL server that it starts."""

    def __init__(self, cluster, number):
        self.cluster, self.name = cluster, f"db{number}"
        self.data, self.process = cluster.folder / self.name, None

    def start(self):
        command = [PROGRAMS["patroni"], self.cluster.configure("patroni.yml", self.name)]
        self.process = self.cluster.run(*command, log=f"{self.name}.log")

    def kill(self):
        """Kill Patroni and all of PostgreSQL's processes at once, as a power cut would."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        for pid in [self.process.pid, postmaster, *children(postmaster)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not Path(f"/proc/{postmaster}").exists())

    def stop(self):
        """Stop Patroni, which stops PostgreSQL."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


class Cluster:
    """All of it. Its files are in one folder, and belong to a user who isn't root, as PostgreSQL demands."""

    def __init__(self, folder):
        self.folder = folder
        self.identity = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(localdb.SERVER_USER)
            self.identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        self.addresses = {f"10.0.0.1{number}:{port}": free_port() for number in MACHINES for port in (5432, 8008)}
        self.etcd_port, self.primary_port, self.replica_port = free_port(), free_port(), free_port()
        self.nodes = {f"db{number}": Node(self, number) for number in MACHINES}

    def configure(self, example, name=""):
        """Write an example with this test's addresses and folders; return its path."""
        text = (EXAMPLES / example).read_text()
        changes = {
            r"10\.0\.0\.11:2379\S+": f"127.0.0.1:{self.etcd_port}",
            r"\b5000$": str(self.primary_port),
            r"\b5001$": str(self.replica_port),
            r"10\.0\.0\.0/24": "127.0.0.1/32",
            r"/var/lib/postgresql/15/campaign-hub": str(self.folder / name),
            r"/var/lib/postgresql/\.pgpass-patroni": str(self.folder / f"{name}.pgpass"),
            r"/run/postgresql": str(self.folder),
            r"name: db1": f"name: {name}",
            r"10\.0\.0\.11:(?=\d+$)": f"10.0.0.1{name[-1:]}:",
            r"(10\.0\.0\.1\d):5432 check port 8008": lambda found: (
                f"127.0.0.1:{self.addresses[found[1] + ':5432']} check port {self.addresses[found[1] + ':8008']}"
            ),
            r"10\.0\.0\.1\d:\d+": lambda found: f"127.0.0.1:{self.addresses[found[0]]}",
        }
        for pattern, change in changes.items():
            text = re.sub(pattern, change, text, flags=re.MULTILINE)
        path = self.folder / f"{name}{example}"
        path.write_text(text)
        if self.identity:
            shutil.chown(path, self.identity["user"])
        path.chmod(0o600)
        return path

    def run(self, *command, log):
        """Start a program that ends when this process does."""
        with (self.folder / log).open("a") as file:
            return subprocess.Popen(  # noqa: S603 - the programs of Debian's packages
                command, cwd=self.folder, env={"PATH": PATH, "LC_ALL": "C.UTF-8"}, preexec_fn=processes.tied(),
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, **self.identity,
            )  # fmt: skip

    def start_etcd(self):
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{free_port()}"
        options = ["--data-dir", self.folder / "etcd", "--name", "etcd", "--initial-cluster", f"etcd={peer}"]
        options += ["--listen-client-urls", client, "--advertise-client-urls", client]
        options += ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
        return self.run(PROGRAMS["etcd"], *options, log="etcd.log")

    def url(self, role, port, name="campaign_hub"):
        return f"postgres://{role[0]}:{role[1]}@127.0.0.1:{port}/{name}"

    def make_database(self):
        """Make the database and its roles, and migrate it, as the operators' guide says."""
        secrets = os.environ | {"OWNER_PASSWORD": OWNER[1], "SITE_PASSWORD": SITE[1]}
        psql = [PROGRAMS["psql"], "-q", "-f", HERE / "deploy" / "database.sql"]
        psql.append(self.url(SUPERUSER, self.primary_port, "postgres"))
        subprocess.run(psql, check=True, env=secrets, stdout=subprocess.DEVNULL)  # noqa: S603 - as above
        for command in (["migrate", "--noinput", "-v0"], ["grant_site_role"]):
            self.manage(OWNER, *command)
        self.manage(SITE, "load_campaign")

    def manage(self, role, *command):
        own = {"DATABASE_URL": self.url(role, self.primary_port), "DJANGO_SETTINGS_MODULE": "campaign.settings"}
        command = [sys.executable, "manage.py", *command]
        subprocess.run(command, check=True, cwd=HERE, env=os.environ | own, stdout=subprocess.DEVNULL)  # noqa: S603

    def members(self):
        """Return the roles of the healthy machines by name, as Patroni reports them."""
        for number in MACHINES:
            with (
                suppress(OSError),
                urlopen(f"http://127.0.0.1:{self.addresses[f'10.0.0.1{number}:8008']}/cluster") as said,
            ):
                found = json.load(said)["members"]
                return {one["name"]: one["role"] for one in found if one["state"] in ("running", "streaming")}
        return {}

    def is_whole(self):
        """Return whether there are a primary, a replica that has every commit, and another replica."""
        return sorted(self.members().values()) == ["leader", "replica", "sync_standby"]

    def primary(self):
        (name,) = [name for name, role in self.members().items() if role == "leader"]
        return self.nodes[name]


def children(pid):
    """Return the processes that a process has started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]


@contextmanager
def running():
    """Start everything, and make the database; yield the Cluster."""
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="hub-patroni-")))
    helpers = []
    try:
        helpers.append(cluster.start_etcd())
        wait_until(lambda: is_listening(cluster.etcd_port))
        helpers.append(cluster.run(PROGRAMS["haproxy"], "-f", cluster.configure("haproxy.cfg"), log="haproxy.log"))
        for node in cluster.nodes.values():
            node.start()
        wait_until(cluster.is_whole)
        cluster.make_database()
        yield cluster
    finally:
        for node in cluster.nodes.values():
            node.stop()
        for helper in helpers:
            helper.terminate()
            helper.wait()
        shutil.rmtree(cluster.folder)
