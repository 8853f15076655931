"""Real `send_news` workers on a test's database. Tests can kill them."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

from tests.bench.load import database_url
from tests.checkouts import wait_until

# A process that imports everything once, and forks a worker for each line that it reads. Its workers know the crowd,
# and find dead workers' claims sooner than in production.
NURSERY = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from campaign.mailings.sending import leases, worker
from campaign.mailings.sending.sender import Sender
from campaign.mailings.sources import SOURCES
from tests.mailings.crowd import Crowd
SOURCES.clear()
SOURCES[Crowd.name] = Crowd({size})
leases.GONE_AFTER, leases.RENEW_EVERY, worker.LOOK_EVERY = {gone_after}, 0.2, 0.2
{change}
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _line in sys.stdin:
    child = os.fork()
    if child == 0:
        call_command("send_news", skip_checks=True)
        os._exit(0)
    print(child, flush=True)
"""


class Nursery:
    """Starts workers, and kills them."""

    def __init__(self, process):
        self.process, self.workers = process, []

    def start(self):
        """Start a worker. Return its process ID."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.workers.append(int(self.process.stdout.readline()))
        return self.workers[-1]

    def end(self, worker, number=signal.SIGKILL):
        """Send a worker a signal, and wait until it is gone."""
        self.workers.remove(worker)
        os.kill(worker, number)
        wait_until(lambda: not os.path.exists(f"/proc/{worker}"))

    def end_all(self):
        for worker in list(self.workers):
            self.end(worker, signal.SIGTERM)


@contextmanager
def nursery(url, size, *, gone_after=3.0, change="", database="", **settings):
    """Run a nursery. Its workers send to a crowd of this size through the mail server at `url`.

    They connect to the test's database directly, unless `database` is the URL of a pool.
    """
    environment = {"NEWS_PER_SECOND": "0", "NEWS_PER_DOMAIN_PER_SECOND": "0"} | settings
    environment |= {"DJANGO_SETTINGS_MODULE": "campaign.settings", "EMAIL_URL": url}
    environment["DATABASE_URL"] = database or database_url()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", NURSERY.format(size=size, gone_after=gone_after, change=change)],
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if "SHOW_WORKERS" in os.environ else subprocess.DEVNULL,
        text=True,
    )
    nursery = Nursery(process)
    try:
        yield nursery
        nursery.end_all()
    finally:
        for worker in nursery.workers:
            os.kill(worker, signal.SIGKILL)
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
