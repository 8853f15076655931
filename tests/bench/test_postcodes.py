"""A whole directory: how long its postcodes take to load, how large they are, and how soon one is found."""

import csv
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import time

import pytest
from django.db import connection

from campaign.management.commands.load_campaign import CONTENT, load_constituencies
from campaign.places import lookup
from campaign.places.models import Constituency, Sector
from campaign.places.packing import UNITS, find
from tests.bench.load import database_url
from tests.bench.results import record

# The directory of 2025 has 1.7 million postcodes in use and 0.9 million that have ended.
IN_USE, ENDED = 1_730_000, 900_000
SECTORS = 12_500
LOOKUPS = 2_000
MAX_SECONDS, MAX_MEGABYTES, MAX_TABLE_MB, MAX_MS = 60, 300, 10, 1.0
AREAS = ["AB", "B", "BT", "CF", "E", "EH", "G", "L", "LS", "M", "NE", "NW", "OX", "PL", "SW", "YO"]
CODE = re.compile(r"[A-Z]{1,2}[0-9]{1,2} [0-9]")


def postcodes(codes):
    """Postcode, constituency and whether it is in use, for so many postcodes; the same at each run."""
    chance = random.Random(1)  # noqa: S311 - a benchmark must repeat itself
    names = [f"{area}{district} {sector}" for area in AREAS for district in range(1, 80) for sector in range(10)]
    for name in sorted(chance.sample(names, SECTORS)):
        assert CODE.fullmatch(name)
        near = chance.sample(codes, 4)
        for unit in sorted(chance.sample(UNITS, -(-(IN_USE + ENDED) // SECTORS))):
            yield f"{name}{unit}", chance.choice(near), chance.random() < ENDED / (IN_USE + ENDED)


@pytest.fixture
def table(transactional_db, tmp_path):
    load_constituencies(CONTENT / "places" / "constituencies.csv")
    codes = list_of_codes()
    with (tmp_path / "ONSPD.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pcds", "doterm", "rgn25cd", "pcon24cd", *(f"other{n}" for n in range(40))])
        for postcode, code, ended in postcodes(codes):
            writer.writerow([postcode, "200001" if ended else "", "E12000007", code, *["E99999999"] * 40])
    return tmp_path / "ONSPD.csv"


def test_loading_and_finding_postcodes(table):
    import_postcodes(table)  # the second takes the place of a whole edition, as all but the first do
    seconds = import_postcodes(table)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('places_sector')")
        table_mb = cursor.fetchone()[0] / 1024**2
    expected = {name: (code, ended) for name, code, ended in postcodes(list_of_codes())}
    seen, wrong = compare(expected)
    milliseconds = statistics.median(timed(name) for name in random.Random(2).sample(sorted(expected), LOOKUPS))  # noqa: S311
    record(
        "postcodes",
        postcodes=seen,
        wrong=wrong,
        import_seconds=seconds,
        import_memory_mb=megabytes,
        table_mb=table_mb,
        lookup_ms=milliseconds,
    )
    assert (seen, wrong) == (len(expected), 0)
    assert seconds <= MAX_SECONDS
    assert megabytes <= MAX_MEGABYTES
    assert table_mb <= MAX_TABLE_MB
    assert milliseconds <= MAX_MS


def import_postcodes(path):
    """Run the command as an operator does; return the seconds it took."""
    environment = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "DATABASE_URL": database_url()}
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "import_postcodes", str(path)]
    subprocess.run(command, check=True, env=os.environ | environment)  # noqa: S603 - our own
    return time.perf_counter() - began


def compare(expected):
    """How many postcodes the table holds, and how many of them say anything but what is expected."""
    seen, wrong = 0, 0
    for sector in Sector.objects.iterator():
        units = bytes(sector.units)
        for letters in UNITS:
            if unit := find(units, sector.areas, letters):
                seen += 1
                wrong += expected[f"{sector.name}{letters}"] != (unit.code, unit.terminated)
    return seen, wrong


def list_of_codes():
    return list(Constituency.objects.values_list("code", flat=True))


def timed(name):
    began = time.perf_counter()
    lookup.find(name)
    return (time.perf_counter() - began) * 1000
