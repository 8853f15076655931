"""Signing while processes are killed at random: nothing that was acknowledged is lost, little is sent twice."""

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
# What to kill, and how often in proportion: the word in its command line, and which of those that have it.
TARGETS = {
    "gunicorn worker": ("gunicorn", slice(1, None), 5),
    "gunicorn": ("gunicorn", slice(0, 1), 1),
    "mail worker": ("send_mail", slice(None), 3),
    "database connection": ("postgres: hub", slice(None), 3),
    "database server": ("bin/postgres", slice(0, 1), 1),
}
RESENDING = {"mail worker", "database connection", "database server"}


class Inbox:
    """A mail server that keeps who got what: pairs of an address and a Message-ID, as often as they came."""

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
    """A whole site of its own, as production serves it, with its own database server and a real mail server."""
    checkout = Checkout(tmp_path / "hub")
    with (tmp_path / "said").open("w") as said:
        process = checkout.serve(DEBUG="0", EMAIL_URL=inbox.url)
        reader = threading.Thread(target=lambda: said.writelines(process.stdout))
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
    wire = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        wire.request("POST", PATH, urlencode(ANSWERS | {"email": address, "stamp": stamp}), FORM)
        return wire.getresponse().status == 302
    except (OSError, HTTPException):
        return False
    finally:
        wire.close()


def keep_signing(checkout, signer, over):
    """Sign for one after another until it is over; the addresses that were acknowledged, and how many were not."""
    stamp, acknowledged, refused = make_stamp(time.time() - 120), [], 0
    number = 0
    while not over.is_set():
        number += 1
        address = f"{os.urandom(6).hex()}.{signer}.{number}@example.org"
        if sign(checkout.port, address, stamp):
            acknowledged.append(address)
        else:
            refused += 1
        over.wait(BETWEEN_SIGNATURES)
    return acknowledged, refused


def keep_killing(checkout, seconds):
    """Kill one process after another; how many of each kind."""
    kills, deadline = Counter(), time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(random.uniform(*BETWEEN_KILLS))  # noqa: S311 - any will do
        name = random.choices(list(TARGETS), [weight for _word, _which, weight in TARGETS.values()])[0]  # noqa: S311
        word, which, _weight = TARGETS[name]
        found = checkout.processes(word)[which]
        with suppress(ProcessLookupError):
            if found:
                os.kill(random.choice(found), signal.SIGKILL)  # noqa: S311
                kills[name] += 1
    return kills


def asked(checkout, query):
    """One number out of the site's own database."""
    password = json.loads((checkout.folder / "var" / "secrets.json").read_text())["DATABASE_PASSWORD"]
    place = str(checkout.home / "run") if os.geteuid() == 0 else str(checkout.sockets)
    connection = psycopg2.connect(host=place, user="hub", dbname="hub", password=password)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_nothing_acknowledged_is_lost_whatever_is_killed(checkout, inbox):
    over = threading.Event()
    with ThreadPoolExecutor(SIGNERS) as pool:
        signing = [pool.submit(keep_signing, checkout, signer, over) for signer in range(SIGNERS)]
        kills = keep_killing(checkout, SECONDS)
        over.set()
        done = [each.result() for each in signing]
    acknowledged = {address for addresses, _refused in done for address in addresses}
    checkout.wait_until_ready()
    wait_until(lambda: not asked(checkout, "SELECT count(*) FROM mail_message WHERE done_at IS NULL"), seconds=300)

    written_to = {address for address, _id in inbox.received}
    copies = inbox.received.total() - len(inbox.received)
    record(
        "kills",
        seconds=SECONDS,
        acknowledged=len(acknowledged),
        not_acknowledged=sum(refused for _addresses, refused in done),
        lost=len(acknowledged - written_to),
        sent_twice=copies,
        **{f"killed_{name.replace(' ', '_')}": number for name, number in sorted(kills.items())},
    )
    assert acknowledged
    assert acknowledged <= written_to
    assert asked(checkout, "SELECT count(*) FROM pledges_signature") == len(written_to) == len(inbox.received)
    assert copies <= sum(number for name, number in kills.items() if name in RESENDING)
