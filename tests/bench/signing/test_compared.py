"""Signing in this checkout and in an older one, in turns within one run, each on a separate database.

Make the older one with `git worktree add`, `make .venv/installed` in it, and here:
`make bench ARGS="-k compared" OLD=/where/it/is`.
"""

import json
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import pytest
from django.db import connection

from tests.bench.load import database_url
from tests.bench.results import record
from tests.checkouts import HERE

OLD = os.environ.get("OLD", "")
TURNS, SIGNS = 30, 100
FIGURES = ("ms", "web_cpu_ms", "database_cpu_ms", "cpu_ms")
MAX_SHARE = 1.1  # the same code compared with itself strays from 1 by 0.05 on a busy machine


@contextmanager
def signer(checkout, python, name):
    """Start a process that signs with the code of this checkout, in an empty database; `ask` gives it work."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    command = [python, "-P", HERE / "tests" / "bench" / "signing" / "signer.py"]
    environment = {"PYTHONPATH": str(checkout), "DJANGO_SETTINGS_MODULE": "campaign.settings"}
    environment["DATABASE_URL"] = f"{database_url().rpartition('/')[0]}/{name}"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    try:
        with subprocess.Popen(command, cwd=checkout, env=os.environ | environment, **pipes) as process:  # noqa: S603
            assert process.stdout.readline() == "ready\n"
            yield process
            process.stdin.close()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def ask(process, way, turn):
    """Have the process sign SIGNS times; return the milliseconds for each of FIGURES."""
    process.stdin.write(f"{way} {turn * SIGNS} {SIGNS}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@pytest.mark.skipif(not OLD, reason="OLD names no older checkout to compare with.")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["call", "post"])
def test_signing_is_no_slower_than_it_was(way):
    with ExitStack() as both:
        new = both.enter_context(signer(HERE, sys.executable, "bench_new"))
        old = both.enter_context(signer(Path(OLD), f"{OLD}/.venv/bin/python", "bench_old"))
        turns = [(ask(old, way, turn), ask(new, way, turn)) for turn in range(TURNS + 1)][1:]
    figures = {}
    for place, figure in enumerate(FIGURES):
        before, after = (median(each[side][place] for each in turns) for side in (0, 1))
        figures |= {f"old_{figure}": before, f"new_{figure}": after, f"share_of_{figure}": after / before}
    record(f"signing compared, {way}", **figures)
    assert figures["share_of_cpu_ms"] <= MAX_SHARE
