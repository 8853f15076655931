"""A copy of this checkout that has never run, and its processes."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from campaign.devserver.localdb import SYSTEM
from campaign.devserver.localkeys import VAR

HERE = VAR.parent
PARTS = ["campaign", "pledges", "actions", "templates", "static"]
PATIENCE = 120.0
OURS = {"DATABASE_URL", "SECRET_KEY", "FIELD_KEYS", "SITE_URL"}


def restore_sighup():
    """Restore the default action of SIGHUP: the tests may run under nohup, which ignores it."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def wait_until(is_so, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.05)


def free_port():
    """Return a port that stays free until a server binds it.

    It is outside the range for outgoing connections, of which other tests make thousands (ip(7), ip_local_port_range).
    """
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - any will do
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Checkout:
    """The copy in `folder`, served on a separate port."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        for part in PARTS:
            shutil.copytree(HERE / part, folder / part)
        shutil.copy(HERE / "manage.py", folder)
        # Compress static files without Brotli, which takes WhiteNoise a quarter of a minute.
        (folder / "brotli.py").write_text("raise ImportError\n")

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        return kept | {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "campaign.settings", "WEB_WORKERS": "1"} | more

    def start(self, *command, **environment):
        """Start a Python command in it, in a separate session; its output can be read."""
        return subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=restore_sighup,
        )

    def serve(self, *options, **environment):
        return self.start("manage.py", "serve", "--port", str(self.port), *options, **environment)

    def localdb(self, *command, **environment):
        return self.start("-m", "campaign.devserver.localdb", "exec", "--", *command, **environment)

    def get(self, path):
        """Return the status and the text of a page; the status is 0 when nothing answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return response.status, response.read().decode()
        except (URLError, OSError):
            return 0, ""

    def wait_until_ready(self):
        wait_until(lambda: self.get("/readyz")[0] == 200)

    @property
    def instance(self):
        path = self.folder / "var" / "secrets.json"
        return json.loads(path.read_text())["INSTANCE"] if path.exists() else "no instance yet"

    @property
    def home(self):
        return SYSTEM / self.instance if os.geteuid() == 0 else self.folder / "var" / "postgres"

    @property
    def sockets(self):
        return Path(f"/tmp/campaign-hub-{os.getuid()}-{self.instance}")  # noqa: S108 - the server's own choice

    def processes(self, word=""):
        """Return the IDs of its processes whose command line contains the word, oldest first."""
        pids = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                state = (entry / "stat").read_text().rpartition(") ")[2][0]
                context = f"{os.readlink(entry / 'cwd')} {line}"
            except OSError:
                continue
            if state != "Z" and word in line and (str(self.folder) in context or self.instance in context):
                pids.append(int(entry.name))
        return sorted(pids)

    def kill(self, word=""):
        for number in self.processes(word):
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def remove(self):
        self.kill()
        wait_until(lambda: not self.processes())
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
