"""The memory of a web worker, and the time to the first page after a start."""

import time
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from tests.bench.load import serving
from tests.bench.results import record
from tests.front import collect_static

STARTS = 3
PAGES = 50
MAX_WORKER_MB = 120
MAX_FIRST_OF_LOADING = 0.3  # of the time that loading the site takes, which every worker would need without --preload
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
