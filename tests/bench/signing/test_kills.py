"""Signing while processes are killed at random: no acknowledged signature is lost, few messages are sent twice."""

import json
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import psycopg2
import pytest

from campaign.forms.guard import make_stamp
from tests.bench.results import record
from tests.checkouts import Checkout, wait_until
from tests.mailserver import mail_server
from tests.pledges.conftest import ANSWERS

SECONDS = int(os.environ.get("KILL_SECONDS", "60"))
SIGNERS = 4
BETWEEN_SIGNATURES = 0.02
BETWEEN_KILLS = (1.0, 3.0)
PATH = "/pledges/stop-uyghur-genocide/"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE | re.IGNORECASE)
# What to kill: a word in the command line, which of the matching processes, and the relative frequency.
TARGETS = {
    "gunicorn worker": ("gunicorn", slice(1, None), 5),
    "gunicorn": ("gunicorn", slice(0, 1), 1),
    "mail worker": ("send_mail", slice(None), 3),
    "database connection": ("postgres: hub", slice(None), 3),
    "database server": ("bin/postgres", slice(0, 1), 1),
}
RESENDING = {"mail worker", "database connection", "database server"}


class Inbox:
    """A mail server that counts how often each pair of recipient and Message-ID arrives."""

    def __init__(self):
        self.received = Counter()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received[envelope.rcpt_tos[0], MESSAGE_ID.search(envelope.content)[1]] += 1
        return "250 OK"


@pytest.fixture
def inbox():
    with mail_server(Inbox()) as inbox:
        yield inbox


@pytest.fixture
def checkout(inbox, tmp_path):
    """Run a separate site as in production, with its own database server and a real mail server."""
    checkout = Checkout(tmp_path / "hub")
    with (tmp_path / "output.log").open("w") as output:
        process = checkout.serve(DEBUG="0", EMAIL_URL=inbox.url)
        reader = threading.Thread(target=lambda: output.writelines(process.stdout))
        reader.start()
        try:
            checkout.wait_until_ready()
            yield checkout
        finally:
            process.terminate()
            process.wait(60)
            checkout.remove()
            reader.join()
            process.stdout.close()


def sign(port, address, stamp):
    """Try to sign once; return whether it was acknowledged."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        client.request("POST", PATH, urlencode(ANSWERS | {"email": address, "stamp": stamp}), FORM)
        return client.getresponse().status == 302
    except (OSError, HTTPException):
        return False
    finally:
        client.close()


def keep_signing(checkout, signer, over):
    """Sign for one address after another until `over` is set; return those acknowledged, and the number of failures."""
    stamp, acknowledged, failures = make_stamp(time.time() - 120), [], 0
    number = 0
    while not over.is_set():
        number += 1
        address = f"{os.urandom(6).hex()}.{signer}.{number}@example.org"
        if sign(checkout.port, address, stamp):
            acknowledged.append(address)
        else:
            failures += 1
        over.wait(BETWEEN_SIGNATURES)
    return acknowledged, failures


def keep_killing(checkout, seconds):
    """Kill one process after another; return how many of each kind."""
    kills, deadline = Counter(), time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(random.uniform(*BETWEEN_KILLS))  # noqa: S311 - any will do
        name = random.choices(list(TARGETS), [weight for _word, _which, weight in TARGETS.values()])[0]  # noqa: S311
        word, which, _weight = TARGETS[name]
        pids = checkout.processes(word)[which]
        with suppress(ProcessLookupError):
            if pids:
                os.kill(random.choice(pids), signal.SIGKILL)  # noqa: S311
                kills[name] += 1
    return kills


def query_number(checkout, query):
    """Return one number from the site's own database."""
    password = json.loads((checkout.folder / "var" / "secrets.json").read_text())["DATABASE_PASSWORD"]
    host = str(checkout.home / "run") if os.geteuid() == 0 else str(checkout.sockets)
    connection = psycopg2.connect(host=host, user="hub", dbname="hub", password=password)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_killing_processes_loses_no_acknowledged_signature(checkout, inbox):
    over = threading.Event()
    with ThreadPoolExecutor(SIGNERS) as pool:
        futures = [pool.submit(keep_signing, checkout, signer, over) for signer in range(SIGNERS)]
        kills = keep_killing(checkout, SECONDS)
        over.set()
        results = [future.result() for future in futures]
    acknowledged = {address for addresses, _failures in results for address in addresses}
    checkout.wait_until_ready()
    wait_until(
        lambda: not query_number(checkout, "SELECT count(*) FROM mail_message WHERE done_at IS NULL"), seconds=300
    )

    recipients = {address for address, _id in inbox.received}
    duplicates = inbox.received.total() - len(inbox.received)
    record(
        "kills",
        seconds=SECONDS,
        acknowledged=len(acknowledged),
        not_acknowledged=sum(failures for _addresses, failures in results),
        lost=len(acknowledged - recipients),
        sent_twice=duplicates,
        **{f"killed_{name.replace(' ', '_')}": number for name, number in sorted(kills.items())},
    )
    assert acknowledged
    assert acknowledged <= recipients
    assert query_number(checkout, "SELECT count(*) FROM pledges_signature") == len(recipients) == len(inbox.received)
    assert duplicates <= sum(number for name, number in kills.items() if name in RESENDING)
