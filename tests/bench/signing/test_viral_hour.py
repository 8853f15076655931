"""The hour after the pledge was on the news: many people sign, and far more read, through nginx as in production.

It runs for VIRAL_SECONDS (60; a full run is 300). The load is generated on the same machine, and uses part of its
capacity.
"""

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context
from urllib.parse import urlencode

import pytest
from django.core.management import call_command

from campaign.forms.guard import make_stamp
from campaign.mail.models import Message
from pledges.models import Pledge, Signature
from pledges.signing.tokens import CONFIRM
from tests.bench.load import Pace, read_response, request
from tests.bench.results import record
from tests.checkouts import HERE, wait_until
from tests.front import NGINX, front
from tests.mailserver import mail_server
from tests.pledges.conftest import ANSWERS

SECONDS = int(os.environ.get("VIRAL_SECONDS", "60"))
SIGNATURES, READS = 330, 2000  # a second
SIGNERS, READERS = 32, 4  # at once: with 12, they waited for answers while the processors had time to spare
MAIL_WORKERS = 2
REQUESTS_PER_CONNECTION = 500

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed.")


class Drain:
    """A mail server that counts the messages it receives."""

    def __init__(self):
        self.received = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received += 1
        return "250 OK"


@pytest.fixture
def drain():
    with mail_server(Drain()) as drain:
        yield drain


@pytest.fixture
def pledge(transactional_db):
    call_command("load_campaign")
    return Pledge.objects.get()


@contextmanager
def workers(site, drain):
    """Run the outbox and the publishing of counts, as in production."""
    commands = [["nice", sys.executable, "manage.py", "send_mail"]] * MAIL_WORKERS
    commands += [[sys.executable, "manage.py", "publish_counts"]]
    environment = site.environment() | {"EMAIL_URL": drain.url}
    running = [
        subprocess.Popen(command, cwd=HERE, env=environment)  # noqa: S603 - our own commands
        for command in commands
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
            process.wait()


def send_at(pace, port, make):
    """Send `make(number)` for each turn and count the statuses; reconnect before nginx hangs up, at 1,000 requests."""
    statuses, turns = Counter(), iter(pace)
    while first := list(islice(turns, 1)):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in chain(first, islice(turns, REQUESTS_PER_CONNECTION - 1)):
                sock.sendall(make(number))
                statuses[read_response(sock)] += 1
    return statuses


def send_from_threads(threads, a_second, port, make):
    """Send at this rate over several connections; return counts of statuses."""
    pace = Pace(a_second, SECONDS)
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(send_at, pace, port, make) for _ in range(threads)]
    return sum((future.result() for future in futures), Counter())


def read(port, path):
    """Read the page; return counts of statuses."""
    reading = request(port, path, Accept_Encoding="gzip, br")
    return send_from_threads(READERS, READS, port, lambda _number: reading)


def sign(port, path):
    """Sign, each time as somebody else; return counts of statuses."""
    stamp = make_stamp(time.time() - 120)

    def signing(number):
        body = urlencode(ANSWERS | {"email": f"{os.urandom(8).hex()}.{number}@gmail.com", "stamp": stamp})
        return request(port, path, body.encode(), Sec_Fetch_Site="same-origin")

    return send_from_threads(SIGNERS, SIGNATURES, port, signing)


def load(site, pledge):
    """Sign and read at once, each in a separate process; return both counts of statuses."""
    path = pledge.get_absolute_url()
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        futures = [pool.submit(run, site.port, path) for run in (sign, read)]
        return [future.result() for future in futures]


def test_a_viral_hour_loses_no_signature_and_no_message(pledge, drain, tmp_path):
    with front(tmp_path, scheme="http") as site, workers(site, drain):
        signed, read = load(site, pledge)
        unsent = Message.objects.waiting().count()
        began = time.monotonic()
        wait_until(lambda: not Message.objects.waiting().exists(), seconds=600 + 10 * SECONDS)
        drained = time.monotonic() - began
        cache = Counter(site.cache_statuses())
    record(
        "viral hour",
        seconds=SECONDS,
        signatures_a_second=signed.total() / SECONDS,
        reads_a_second=read.total() / SECONDS,
        reads_from_cache=(cache["HIT"] + cache["UPDATING"] + cache["STALE"]) / read.total(),
        messages_waiting_at_the_end=unsent,
        seconds_until_all_were_sent=drained,
    )
    assert set(signed) == {302}
    assert set(read) == {200}
    confirmations = Message.objects.filter(kind=CONFIRM)  # after some minutes, organisers get a message too
    assert Signature.objects.count() == confirmations.count() == signed[302]
    assert Message.objects.sent().count() == drain.received
