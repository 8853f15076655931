"""The same signatures in one table and in partitions: signing, reading and looking after them, in turns.

`ROWS=20000000 make bench ARGS=tests/bench/signing/test_partitions.py` is the run for docs/adr/0027-partitions.md. It
takes an hour and 50 GB.
"""

import os
import random
import subprocess
import time
from collections import defaultdict
from statistics import median

from django.db import connection
from django.test import Client

from pledges.models import Signature
from pledges.models.signatures.partitions import partition as divide
from tests.accounts.organisers import begin_session, sign_in
from tests.bench.load import load, request, serving
from tests.bench.results import record
from tests.bench.signing.test_pledge import SIGNS, SITE, collected, signing  # noqa: F401 - a fixture
from tests.bench.signing.test_scale import copied_database, fill, pledge  # noqa: F401 - a fixture
from tests.databases import connected_to
from tests.test_backups import client_programs
from tests.test_backups import database_url as libpq_url

ROWS, PARTITIONS = int(os.environ.get("ROWS", "1_000_000")), int(os.environ.get("BENCH_PARTITIONS", "8"))
ROUNDS, SIGNED, READS, LOOKUPS = 3, 600, 100, 500
IN_ORDER = "('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"  # quick to store
MIN_SIGNING = 0.85
LEAVES = """
    SELECT oid AS relid FROM pg_class WHERE oid = 'pledges_signature'::regclass AND relkind = 'r'
    UNION ALL SELECT relid FROM pg_partition_tree('pledges_signature') WHERE isleaf AND level > 0
"""
SIZES = f"""
SELECT sum(pg_table_size(relid)), sum(pg_indexes_size(relid)), max(pg_total_relation_size(relid)) FROM ({LEAVES}) leaves
"""  # noqa: S608 - our own query
FIRST = f"SELECT min(relid::regclass::text) FROM ({LEAVES}) leaves"  # noqa: S608 - our own query


def row(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


def seconds(function, *arguments):
    """Return how long a call takes."""
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


def partition():
    """Partition the table; return the seconds that each kind of step took."""
    taken, steps = defaultdict(float), []

    def begin(step):
        now = time.perf_counter()
        if steps:
            taken[steps[-1][0]] += now - steps[-1][1]
        steps.append(("index" if "INDEX" in step else step.split()[0].strip(".").lower(), now))

    began = time.perf_counter()
    divide(PARTITIONS, begin)
    begin("done")
    return {"all": time.perf_counter() - began, **taken}


def by_token():
    for number in random.sample(range(1, ROWS), LOOKUPS):
        key = row(f"SELECT decode(md5('t{number}'), 'hex')")[0]
        assert Signature.objects.filter(token_hash=key).only("pk").first()


def by_address(pledge):  # noqa: F811
    for number in random.sample(range(1, ROWS), LOOKUPS):
        key = row(f"SELECT decode(md5('{number}'), 'hex')")[0]
        assert Signature.objects.filter(pledge=pledge, email_hash=key).only("pk").first()


def admin_list(client):
    assert client.get("/admin/pledges/signature/").status_code == 200


def dump(name):
    command = [client_programs() / "pg_dump", "--format=custom", "--table=pledges_signature*"]
    subprocess.run([*command, libpq_url(name)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def looking(pledge, name, organiser):  # noqa: F811
    """Return the seconds that each kind of reading takes in one round."""
    with connected_to(NAME=name):
        client = Client()
        begin_session(client, organiser)  # a session from before the table was filled has expired
        client.get("/admin/")
        return {
            "token": seconds(by_token),
            "address": seconds(by_address, pledge),
            "admin_list": seconds(admin_list, client),
            "count": seconds(Signature.objects.count),
        }


def caring(name):
    """Return the seconds that regular work takes, and sizes in bytes."""
    with connected_to(NAME=name):
        heap, indexes, largest = map(int, row(SIZES))
        sizes = {"heap": heap, "indexes": indexes, "largest": largest}
        row("UPDATE pledges_signature SET messages = messages + 1 WHERE public_number % 50 = 0")
        row("CHECKPOINT")
        found = {
            "vacuum": seconds(row, "VACUUM pledges_signature"),
            "analyze": seconds(row, "ANALYZE pledges_signature"),
        }
        row("UPDATE pledges_signature SET messages = messages + 1 WHERE public_number % 50 = 0")
        row("CHECKPOINT")
        found["vacuum_one"] = seconds(row, f"VACUUM {row(FIRST)[0]}")
        return sizes | found | {"dump": seconds(dump, name)}


def test_partitions_cost_little_and_are_looked_after_one_at_a_time(pledge, collected):  # noqa: F811
    """Leave out the index of public names, which takes longer to build than everything else together."""
    (of_names,) = row("SELECT indexdef FROM pg_indexes WHERE indexname = 'signatures_name_parts'")
    row("DROP INDEX signatures_name_parts")
    row("ALTER SYSTEM SET max_wal_size = '4GB'")
    row("SELECT pg_reload_conf()")
    try:
        compare(pledge)
    finally:
        row("TRUNCATE pledges_signature CASCADE")
        row(of_names)
        row("ALTER SYSTEM RESET max_wal_size")
        row("SELECT pg_reload_conf()")


def compare(pledge):  # noqa: F811
    organiser = sign_in(Client())
    fill(pledge, 1, ROWS, IN_ORDER)
    divided = connection.settings_dict["NAME"]
    rates, times = {"whole": defaultdict(list), "divided": defaultdict(list)}, {}
    with copied_database() as whole_url:
        names = {"whole": f"{divided}_few", "divided": divided}
        steps = partition()
        with (
            serving("campaign.wsgi", **SITE | {"DATABASE_URL": whole_url}) as whole,
            serving("campaign.wsgi", **SITE) as parts,
        ):
            for turn in range(ROUNDS):
                for kind, server in (("whole", whole), ("divided", parts)):
                    signs = list(signing(server[0], pledge, turn * SIGNS))[:SIGNED]
                    page = request(server[0], f"{pledge.get_absolute_url()}signatories/?before={ROWS // 2}")
                    for what, requests in (("signs", signs), ("pages", [page] * READS)):
                        done = load(server, requests, warm=10)
                        assert done.statuses <= {200, 302}
                        rates[kind][what].append(done.rate)
                        rates[kind][f"{what}_cpu"].append(done.cpu_ms)
                    for what, taken in looking(pledge, names[kind], organiser).items():
                        rates[kind][what].append(taken)
        for kind, name in names.items():
            times[kind] = caring(name)
    middle = {kind: {what: median(all_of) for what, all_of in found.items()} for kind, found in rates.items()}
    shares = {f"{what}_share": middle["divided"][what] / middle["whole"][what] for what in middle["whole"]}
    caring_shares = {
        f"{what}_share": times["divided"][what] / times["whole"][what]
        for what in ("heap", "indexes", "vacuum", "vacuum_one", "analyze", "dump")
    }
    record(
        "partitions" if ROWS < 10_000_000 else "partitions at full size",
        rows=ROWS,
        partitions=PARTITIONS,
        seconds_to_partition=steps["all"],
        signs_a_second_in_one_table=middle["whole"]["signs"],
        **shares,
        **caring_shares,
    )
    assert shares["signs_share"] >= MIN_SIGNING
