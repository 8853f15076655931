"""A full postcode directory: how long it takes to import, how large it is, and how long a look-up takes."""

import csv
import os
import random
import re
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
from campaign.places.postcodes import NATIONS
from tests.bench.load import database_url
from tests.bench.results import record

# The directory of 2025 has 1.7 million postcodes in use and 0.9 million terminated ones.
IN_USE, TERMINATED = 1_730_000, 900_000
SECTORS = 12_500
LOOKUPS = 2_000
MAX_OF_READING = 12  # times as long as only reading the file
MAX_OF_BARE_LOOKUP = 4  # times as long as fetching the sector's row
MAX_MEGABYTES, MAX_TABLE_MB = 300, 10
# Not ru_maxrss: after a fork and an exec, that is at least the size of the benchmark's own process.
IMPORT = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv[1:])
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
AREAS = ["AB", "B", "BT", "CF", "E", "EH", "G", "L", "LS", "M", "NE", "NW", "OX", "PL", "SW", "YO"]
CODE = re.compile(r"([A-Z]{1,2})[0-9]{1,2} [0-9]")


def postcodes(codes):
    """Yield each postcode with its constituency and whether it is terminated; the same in each run."""
    rng = random.Random(1)  # noqa: S311 - a benchmark must repeat itself
    names = [f"{area}{district} {sector}" for area in AREAS for district in range(1, 80) for sector in range(10)]
    for name in sorted(rng.sample(names, SECTORS)):
        area = CODE.fullmatch(name)[1]
        candidates = rng.sample([code for code in codes if code[0] in NATIONS[area]], 4)
        for unit in sorted(rng.sample(UNITS, -(-(IN_USE + TERMINATED) // SECTORS))):
            yield f"{name}{unit}", rng.choice(candidates), rng.random() < TERMINATED / (IN_USE + TERMINATED)


@pytest.fixture
def table(transactional_db, tmp_path):
    load_constituencies(CONTENT / "places" / "constituencies.csv")
    codes = constituency_codes()
    with (tmp_path / "ONSPD.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pcds", "doterm", "rgn25cd", "pcon24cd", *(f"other{n}" for n in range(40))])
        for postcode, code, terminated in postcodes(codes):
            writer.writerow([postcode, "200001" if terminated else "", "E12000007", code, *["E99999999"] * 40])
    return tmp_path / "ONSPD.csv"


def test_a_full_directory_is_imported_and_searched_quickly(table):
    import_postcodes(table)  # the second replaces a whole edition, as every import but the first does
    seconds, megabytes = import_postcodes(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('places_sector')")
        table_mb = cursor.fetchone()[0] / 1024**2
    expected = {name: (code, terminated) for name, code, terminated in postcodes(constituency_codes())}
    seen, wrong = compare(expected)
    sample = random.Random(2).sample(sorted(expected), LOOKUPS)  # noqa: S311
    milliseconds, bare = (statistics.median(timed(way, name) for name in sample) for way in (lookup.find, fetch))
    reading = timed(read, table) / 1000
    record(
        "postcodes",
        postcodes=seen,
        wrong=wrong,
        import_seconds=seconds,
        times_reading=seconds / reading,
        import_memory_mb=megabytes,
        table_mb=table_mb,
        lookup_ms=milliseconds,
        times_bare_lookup=milliseconds / bare,
    )
    assert (seen, wrong) == (len(expected), 0)
    assert seconds <= MAX_OF_READING * reading
    assert megabytes <= MAX_MEGABYTES
    assert table_mb <= MAX_TABLE_MB
    assert milliseconds <= MAX_OF_BARE_LOOKUP * bare


def import_postcodes(path):
    """Run the command as an operator does; return how many seconds it took, and its peak memory in MB."""
    environment = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "DATABASE_URL": database_url()}
    began = time.perf_counter()
    command = [sys.executable, "-c", IMPORT, "manage.py", "import_postcodes", str(path)]
    done = subprocess.run(command, check=True, env=os.environ | environment, capture_output=True, text=True)  # noqa: S603 - our own
    return time.perf_counter() - began, int(done.stdout.split()[-1]) / 1024


def compare(expected):
    """Return how many postcodes the table holds, and how many of them differ from what is expected."""
    seen, wrong = 0, 0
    for sector in Sector.objects.iterator():
        units = bytes(sector.units)
        for letters in UNITS:
            if unit := find(units, sector.areas, letters):
                seen += 1
                wrong += expected[f"{sector.name}{letters}"] != (unit.code, unit.terminated)
    return seen, wrong


def constituency_codes():
    return list(Constituency.objects.values_list("code", flat=True))


def read(path):
    """Read the whole file as CSV, and keep nothing."""
    with path.open(newline="") as file:
        for _row in csv.reader(file):
            pass


def fetch(postcode):
    """Fetch the row of a postcode's sector, without looking for the postcode in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT units, areas FROM places_sector WHERE name = %s", [postcode[:-2]])
        return cursor.fetchone()


def timed(function, argument):
    """Return how long a call takes, in milliseconds."""
    began = time.perf_counter()
    function(argument)
    return (time.perf_counter() - began) * 1000
