"""The primary is killed again and again while people sign and read: Patroni makes a replica the primary each time."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlencode

import psycopg2
import pytest

from campaign.email_addresses.canonical import address_hash
from campaign.forms.guard import make_stamp
from tests.bench.failover.cluster import PROGRAMS, SITE, running
from tests.bench.load import serving
from tests.bench.results import record
from tests.checkouts import wait_until
from tests.front import collect_static
from tests.pledges.conftest import ANSWERS

KILLS, SIGNERS, READERS, BETWEEN_REQUESTS = 5, 4, 2, 0.02
BETWEEN_KILLS = (3.0, 8.0)
MAX_SECONDS_WITHOUT_WRITES = 30.0
PLEDGE = "/pledges/stop-uyghur-genocide/"
PAGES = [PLEDGE, f"{PLEDGE}signatories/", f"{PLEDGE}count.json", "/", "/protests/", "/letters/", "/feed.xml"]
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}

pytestmark = [
    pytest.mark.skipif(not all(PROGRAMS.values()), reason="Debian's patroni, etcd-server and haproxy are needed."),
    pytest.mark.django_db(transaction=True),
]


class Public:
    """People who sign and people who read, all at once, until `over` is set."""

    def __init__(self, port):
        self.port, self.over = port, threading.Event()
        self.acknowledged = []  # pairs of the time, as from time.monotonic, and the address
        self.refused, self.wrong = [], []  # responses to signers: 503, or anything else
        self.pages, self.failed_pages = 0, []

    def fetch(self, path, method="GET", body=None, headers=None):
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as client:
            client.request(method, path, body, headers or {})
            response = client.getresponse()
            response.read()
            return response.status, response.headers

    def keep_signing(self, signer):
        stamp, number = make_stamp(time.time() - 120), 0
        while not self.over.wait(BETWEEN_REQUESTS):
            number += 1
            address = f"ruth.{signer}.{number}@example.org"
            body = urlencode(ANSWERS | {"postcode": "", "email": address, "stamp": stamp})
            status, headers = self.fetch(PLEDGE, "POST", body, FORM)
            if status == 302:
                self.acknowledged.append((time.monotonic(), address))
            else:
                kind = self.refused if status == 503 and headers["Retry-After"] == "30" else self.wrong
                kind.append(status)

    def keep_reading(self, reader):
        while not self.over.wait(BETWEEN_REQUESTS):
            page = random.choice(PAGES)  # noqa: S311 - any will do
            began = time.monotonic()
            status, _headers = self.fetch(page)
            self.pages += 1
            if status != 200:
                self.failed_pages.append((page, status, round(began, 1)))

    def first_after(self, moment):
        """Return when somebody's signature was first acknowledged after a moment, or None."""
        return next((at for at, _address in list(self.acknowledged) if at > moment), None)


@pytest.fixture
def cluster(transactional_db):
    collect_static()
    with running() as cluster:
        yield cluster


@pytest.fixture
def public(cluster):
    urls = {"DATABASE_URL": cluster.url(SITE, cluster.primary_port)}
    urls |= {"REPLICA_DATABASE_URL": cluster.url(SITE, cluster.replica_port), "WEB_WORKERS": "1"}
    with serving("campaign.wsgi", DJANGO_SETTINGS_MODULE="campaign.settings", **urls) as (port, _pid):
        public = Public(port)
        wait_until(lambda: public.fetch("/readyz")[0] == 200)
        with ThreadPoolExecutor(SIGNERS + READERS) as pool:
            running = [pool.submit(public.keep_signing, number) for number in range(SIGNERS)]
            running += [pool.submit(public.keep_reading, number) for number in range(READERS)]
            try:
                yield public
            finally:
                public.over.set()
        for each in running:
            each.result()


def test_killing_the_primary_loses_no_acknowledged_signature_and_no_page(cluster, public):
    silences = []
    for _kill in range(KILLS):
        time.sleep(random.uniform(*BETWEEN_KILLS))  # noqa: S311
        primary, killed_at = cluster.primary(), time.monotonic()
        primary.kill()
        dead_at = time.monotonic()
        wait_until(lambda since=dead_at + 1: public.first_after(since))
        silences.append(public.first_after(dead_at + 1) - killed_at)
        primary.start()
        wait_until(cluster.is_whole, 180)
    public.over.set()
    time.sleep(2)

    acknowledged = {address_hash(address) for _at, address in public.acknowledged}
    with closing(psycopg2.connect(cluster.url(SITE, cluster.primary_port))) as own, own.cursor() as cursor:
        cursor.execute("SELECT email_hash FROM pledges_signature")
        stored = {bytes(hashed) for (hashed,) in cursor}
    record(
        "failover",
        kills=KILLS,
        acknowledged=len(acknowledged),
        lost=len(acknowledged - stored),
        signers_asked_to_retry=len(public.refused),
        pages=public.pages,
        pages_not_shown=len(public.failed_pages),
        seconds_without_writes=median(silences),
        most_seconds_without_writes=max(silences),
    )
    assert acknowledged
    assert acknowledged <= stored
    assert public.failed_pages == []
    assert (public.refused != [], public.wrong) == (True, [])
    assert max(silences) <= MAX_SECONDS_WITHOUT_WRITES
