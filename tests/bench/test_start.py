"""The memory of a web worker, and the time to the first page after a start, in production and with `make run`."""

import os
import signal
import time
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from tests.bench.load import serving
from tests.bench.results import record
from tests.checkouts import Checkout, wait_until
from tests.front import collect_static

STARTS = 3
PAGES = 50
MAX_WORKER_MB = 120
MAX_FIRST_OF_LOADING = 0.3  # of the time that loading the site takes, which every worker would need without --preload
MAX_RUN_OF_LOADING = 4  # `make run` loads the site twice, one after the other, and starts PostgreSQL
SITE = {"DJANGO_SETTINGS_MODULE": "campaign.settings"}


@pytest.fixture
def site(transactional_db):
    call_command("load_campaign")
    collect_static()


def fetch(port, query=""):
    """Fetch the home page; return how long it took, in seconds."""
    began = time.perf_counter()
    with urlopen(f"http://127.0.0.1:{port}/{query}") as response:
        response.read()
    return time.perf_counter() - began


def worker_mb(pid):
    """Return the memory of each worker in MB: its proportional set size (Pss in proc(5))."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    rollups = [Path(f"/proc/{child}/smaps_rollup").read_text() for child in children]
    return [int(rollup.partition("Pss:")[2].split()[0]) / 1024 for rollup in rollups]


def test_a_worker_is_small_and_answers_at_once(site):
    loading, firsts, later, memory = [], [], [], []
    for _ in range(STARTS):
        began = time.perf_counter()
        with serving("campaign.wsgi", **SITE) as (port, pid):
            loading.append(time.perf_counter() - began)
            firsts.append(fetch(port))
            later.append(median(fetch(port, f"?page={number}") for number in range(PAGES)))
            memory.append(max(worker_mb(pid)))
    record(
        "start",
        seconds_until_it_listens=median(loading),
        first_page_ms=median(firsts) * 1000,
        later_page_ms=median(later) * 1000,
        mb_of_a_worker=max(memory),
    )
    assert max(memory) <= MAX_WORKER_MB
    assert median(firsts) / median(loading) <= MAX_FIRST_OF_LOADING


@pytest.fixture
def checkout(tmp_path):
    checkout = Checkout(tmp_path / "hub")
    yield checkout
    checkout.remove()


def run_until_it_answers(checkout):
    """Start the site as `make run` does, then stop it. Return how many seconds the home page took to respond."""
    began = time.perf_counter()
    process = checkout.serve(WEB_WORKERS="2")
    wait_until(lambda: checkout.get("/")[0] == 200)
    seconds = time.perf_counter() - began
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    return seconds


def load_the_site(checkout):
    """Load the site's code in a separate process; return how many seconds that took."""
    began = time.perf_counter()
    process = checkout.start("-c", "import campaign.wsgi")
    process.communicate()
    assert process.returncode == 0
    return time.perf_counter() - began


def test_make_run_is_soon_ready(checkout):
    run_until_it_answers(checkout)  # makes the database, which later starts find there
    ready, loading = [], []
    for _ in range(STARTS):
        loading.append(load_the_site(checkout))
        ready.append(run_until_it_answers(checkout))
    record("make run", seconds_until_it_answers=median(ready), seconds_to_load_the_site=median(loading))
    assert median(ready) / median(loading) <= MAX_RUN_OF_LOADING
