"""A national petition: signing, reading and counting with few signatures in the table and with very many."""

import csv
import io
import os
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from statistics import median

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.documents.spreadsheets import CHUNK, as_csv
from campaign.privacy import crypto
from pledges.counting.publishing import publish_counts
from pledges.models import Export, Pledge, PublishedCount, Signature
from pledges.signing.tokens import confirmation_token
from tests.bench.load import database_url, load, request, serving
from tests.bench.results import record
from tests.bench.signing.test_pledge import SIGNS, SITE, collected, median_of, signing  # noqa: F401 - a fixture
from tests.factories import SignatureFactory

FEW, MANY = 10_000, int(os.environ.get("BENCH_SIGNATURES", "1_000_000"))
READS, SIGNED, CONFIRMS, PUBLISHED = 1000, 1000, 400, 20_000
ROUNDS, DRAINS = 5, 5
MIN_OF_BARE_PUBLISHING = 0.25  # of as many UPDATEs of one signature each
MIN_OF_BARE_EXPORT, MAX_MEGABYTES = 0.5, 64  # of writing the same number of columns as the model reads them
FLAT = 0.9

# Two in three are public; all of them share one person's encrypted texts.
FILL = """
INSERT INTO pledges_signature (
    id, pledge_id, state, kind, name, email, email_hash, name_hash, domain_hash, family_hash, disposable, country,
    outward_code, area_code, visibility, updates, suspicion, token_hash, code_hash, signed_at,
    confirmation_sent_at, confirmed_at,
    messages, messages_since, public_name, public_town, public_link, public_number, approved, in_published_count
) SELECT
    gen_random_uuid(), %(pledge)s, 'confirmed', 'person', %(name)s, %(email)s, decode(md5(n::text), 'hex'),
    decode(md5('n' || n), 'hex'), decode(md5('d' || n / 50), 'hex'), decode(md5('f' || n), 'hex'), false, 'GB', 'NW3',
    '', CASE WHEN n %% 3 = 0 THEN 'private' ELSE 'public' END, false, '', decode(md5('t' || n), 'hex'), '',
    %(then)s, %(then)s, %(then)s, 1, %(then)s, CASE WHEN n %% 3 = 0 THEN '' ELSE 'Ruth Feldman' END, '', '',
    CASE WHEN n %% 3 = 0 THEN NULL ELSE n END, false, true
FROM generate_series(%(first)s, %(last)s) AS n
"""


# Indexes to drop before storing very many rows, and how to recreate them, so that it takes minutes, not an hour.
INDEXES = """
SELECT format('ALTER TABLE pledges_signature DROP CONSTRAINT %I', conname),
    format('ALTER TABLE pledges_signature ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = 'pledges_signature'::regclass AND contype = 'u'
UNION ALL
SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
WHERE tablename = 'pledges_signature' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


@pytest.fixture
def pledge(transactional_db):
    call_command("load_campaign")
    return Pledge.objects.get()


def fill(pledge, first, last, key="gen_random_uuid()"):
    """Store signatures `first` to `last`, and leave the database server no work to do during the measurements.

    `key` is SQL for each one's id, from its number `n`.
    """
    sealed = {name: crypto.encrypt("ruth@example.org", f"pledges.signature.{name}") for name in ("name", "email")}
    then = timezone.now() - timedelta(days=3)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")  # no triggers
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for drop, _make in indexes:
            cursor.execute(drop)
        cursor.execute(
            FILL.replace("gen_random_uuid()", key),
            sealed | {"pledge": pledge.pk, "first": first, "last": last, "then": then},
        )
        for _drop, make in indexes:
            cursor.execute(make)
        cursor.execute("RESET session_replication_role; RESET maintenance_work_mem")
        cursor.execute("VACUUM (ANALYZE) pledges_signature")
        cursor.execute("CHECKPOINT")
    PublishedCount.objects.update_or_create(pledge=pledge, defaults={"count": last, "last_number": last})


@contextmanager
def copied_database():
    """Copy the database in its current state; yield the copy's URL."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}_few" TEMPLATE "{name}" STRATEGY FILE_COPY')
    try:
        yield f"{database_url()}_few"
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}_few" WITH (FORCE)')


def pending(pledge, count):
    """Create `count` pending signatures; return their tokens."""
    signatures = SignatureFactory.create_batch(count, pledge=pledge, messages_since=timezone.now())
    for one in signatures:
        token_hash = crypto.token_hash(confirmation_token(one.pk))
        Signature.objects.filter(pk=one.pk).update(token_hash=token_hash)
    return [confirmation_token(one.pk) for one in signatures]


def loads(port, pledge, turn, tokens):
    """Return each kind of request for one turn, to the server at this port."""
    address = pledge.get_absolute_url()
    return {
        "signs": list(signing(port, pledge, turn * SIGNS))[:SIGNED],
        "list_pages": [request(port, f"{address}signatories/?before={FEW // 2}")] * READS,
        "counts": [request(port, f"{address}count.json")] * READS,
        "confirms": [
            request(port, f"/pledges/confirm/{token}/", b"x=1", Sec_Fetch_Site="same-origin") for token in tokens
        ],
    }


def test_everything_stays_fast_with_very_many_signatures(pledge, collected):  # noqa: F811 - the fixture
    """Compare two servers that take turns at the same work: one has few signatures, the other many."""
    fill(pledge, 1, FEW)
    tokens = pending(pledge, ROUNDS * CONFIRMS)
    few, many = defaultdict(list), defaultdict(list)
    with copied_database() as few_url:
        fill(pledge, FEW + 1, MANY)
        with (
            serving("campaign.wsgi", **SITE | {"DATABASE_URL": few_url}) as one,
            serving("campaign.wsgi", **SITE) as other,
        ):
            for turn in range(ROUNDS):
                turn_tokens = tokens[turn::ROUNDS]
                for done, server in ((few, one), (many, other)):
                    for name, requests in loads(server[0], pledge, turn, turn_tokens).items():
                        done[name].append(load(server, requests, warm=10))
    shares = {f"{name}_share": median_of(many[name], "rate") / median_of(few[name], "rate") for name in few}
    cpu = median_of(many["signs"], "cpu_ms") / median_of(few["signs"], "cpu_ms")
    rates = {f"{name}_with_many": median_of(many[name], "rate") for name in many}
    record("scale", signatures=MANY, sign_cpu_ms_share=cpu, **shares, **rates)
    assert {status for done in (few, many) for kind in done.values() for one in kind for status in one.statuses} == {
        200,
        302,
    }
    assert cpu <= 1 / FLAT
    assert min(shares.values()) >= FLAT


def test_publishing_counts_keeps_up(pledge):
    fill(pledge, 1, PUBLISHED)
    bare = PUBLISHED / seconds_for(update_each)
    Signature.objects.update(in_published_count=False, public_number=None)
    rate = PUBLISHED / seconds_for(publish_all)
    record("publishing counts", changes_a_second=rate, bare_updates_a_second=bare, share_of_bare=rate / bare)
    assert rate >= MIN_OF_BARE_PUBLISHING * bare


def seconds_for(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def publish_all():
    while publish_counts():
        pass


def update_each():
    """Change each signature by an UPDATE of its own, in autocommit, as the least that a change needs."""
    with connection.cursor() as cursor:
        for key in Signature.objects.values_list("pk", flat=True):
            cursor.execute("UPDATE pledges_signature SET in_published_count = true WHERE id = %s", [key])


def rss_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def drain(lines):
    """Discard the lines of a CSV file; return rows a second and the peak memory used in MB."""
    began, before, most, rows = time.perf_counter(), rss_megabytes(), 0.0, 0
    for part in lines:
        rows += part.count("\n")
        most = max(most, rss_megabytes() - before)
    return rows / (time.perf_counter() - began), most


def bare_csv(columns):
    """Yield the rows of the table as CSV, as they are stored, with this many columns."""
    names = [field.attname for field in Signature._meta.concrete_fields][:columns]
    rows = Signature.objects.values_list(*names).iterator()
    while some := list(islice(rows, CHUNK)):
        file = io.StringIO()
        csv.writer(file).writerows(some)
        yield file.getvalue()


def test_exporting_is_fast_and_uses_little_memory(pledge):
    fill(pledge, 1, 300_000)
    export = Export(pledge=pledge, purpose="delivery")
    columns = len(next(iter(export.rows())))
    ours, bare = [], []
    for _ in range(DRAINS):
        ours.append(drain(as_csv(export.rows())))
        bare.append(drain(bare_csv(columns)))
    rate, plain = (median(rate for rate, _most in drained) for drained in (ours, bare))
    most = max(most for _rate, most in ours)
    record("export", rows_a_second=rate, bare_rows_a_second=plain, share_of_bare=rate / plain, megabytes=most)
    assert most < MAX_MEGABYTES
    assert rate >= MIN_OF_BARE_EXPORT * plain
