"""A national petition: signing, reading and counting with few signatures in the table and with very many."""

import os
import time
from datetime import timedelta
from statistics import median

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.privacy import crypto
from pledges.exports import Export, as_csv
from pledges.models import Pledge, Signature, Tally
from pledges.signing import confirmation_token
from pledges.tally import fold
from tests.bench.load import load, request
from tests.bench.results import record
from tests.bench.test_pledge import signing, site  # noqa: F401 - a fixture
from tests.factories import SignatureFactory

FEW, MANY = 10_000, int(os.environ.get("BENCH_SIGNATURES", "1_000_000"))
READS, CONFIRMS, FOLDED = 2000, 400, 20_000
LEAST_FOLDED_A_SECOND = 1000
LEAST_EXPORTED_A_SECOND, MOST_MEGABYTES = 200_000, 64
FLAT = 0.9

# Two of three are public; the encrypted texts are one person's, over and over.
FILL = """
INSERT INTO pledges_signature (
    id, pledge_id, state, kind, name, email, email_hash, name_hash, domain_hash, family_hash, disposable, country,
    outward, area_code, visibility, display, updates, doubt, token_hash, code_hash, signed_at, asked_at, confirmed_at,
    messages, messages_since, public_name, public_town, public_link, public_number, approved, tallied
) SELECT
    gen_random_uuid(), %(pledge)s, 'confirmed', 'person', %(name)s, %(email)s, decode(md5(n::text), 'hex'),
    decode(md5('n' || n), 'hex'), decode(md5('d' || n / 50), 'hex'), decode(md5('f' || n), 'hex'), false, 'GB', 'NW3',
    '', CASE WHEN n %% 3 = 0 THEN 'private' ELSE 'public' END, 'full', false, '', decode(md5('t' || n), 'hex'), '',
    %(then)s, %(then)s, %(then)s, 1, %(then)s, CASE WHEN n %% 3 = 0 THEN '' ELSE 'Ruth Feldman' END, '', '',
    CASE WHEN n %% 3 = 0 THEN NULL ELSE n END, false, true
FROM generate_series(%(first)s, %(last)s) AS n
"""


@pytest.fixture
def pledge(transactional_db):
    call_command("load_campaign")
    return Pledge.objects.get()


def fill(pledge, first, last):
    sealed = {name: crypto.encrypt("ruth@example.org", f"pledges.signature.{name}") for name in ("name", "email")}
    then = timezone.now() - timedelta(days=3)
    with connection.cursor() as cursor:
        cursor.execute(FILL, sealed | {"pledge": pledge.pk, "first": first, "last": last, "then": then})
        cursor.execute("ANALYZE pledges_signature")
    Tally.objects.update_or_create(pledge=pledge, defaults={"count": last, "last_number": last})


def confirms(port, pledge):
    """Requests that confirm so many signatures, which are made first."""
    for waiting in SignatureFactory.create_batch(CONFIRMS, pledge=pledge, messages_since=timezone.now()):
        token = confirmation_token(waiting.pk)
        Signature.objects.filter(pk=waiting.pk).update(token_hash=crypto.token_hash(token))
        yield request(port, f"/pledges/confirm/{token}/", b"x=1", Sec_Fetch_Site="same-origin")


def measure(served, pledge, start):
    """What a server does a second of each kind of request, and the CPU of a signing in ms."""
    port, address = served[0], pledge.get_absolute_url()
    deep = f"{address}signatories/?before={FEW // 2}"
    signs = [load(served, signing(port, pledge, start + turn * 10_000)) for turn in range(2)]
    return {
        "signs": median(one.rate for one in signs),
        "sign_cpu_ms": median(one.cpu_ms for one in signs),
        "list_pages": load(served, [request(port, deep)] * READS).rate,
        "counts": load(served, [request(port, f"{address}count.json")] * READS).rate,
        "confirms": load(served, list(confirms(port, pledge)), warm=10).rate,
    }


def test_everything_is_as_quick_with_very_many(site, pledge):  # noqa: F811 - the fixture
    fill(pledge, 1, FEW)
    few = measure(site, pledge, 20_000_000)
    fill(pledge, FEW + 1, MANY)
    many = measure(site, pledge, 30_000_000)
    shares = {f"{name}_share": many[name] / few[name] for name in few}
    record("scale", signatures=MANY, **shares, **{f"{name}_with_many": value for name, value in many.items()})
    cpu = shares.pop("sign_cpu_ms_share")
    assert cpu <= 1 / FLAT
    assert min(shares.values()) >= FLAT


def test_the_count_keeps_up(pledge):
    fill(pledge, 1, FOLDED)
    Signature.objects.update(tallied=False, public_number=None)
    began = time.perf_counter()
    while fold():
        pass
    rate = FOLDED / (time.perf_counter() - began)
    record("folding", changes_a_second=rate)
    assert rate >= LEAST_FOLDED_A_SECOND


def rss_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def drain(export):
    """Write the whole list as CSV to nowhere; return rows a second and the most megabytes it took on the way."""
    began, before, most, rows = time.perf_counter(), rss_megabytes(), 0.0, 0
    for part in as_csv(export.rows()):
        rows += part.count("\n")
        most = max(most, rss_megabytes() - before)
    return rows / (time.perf_counter() - began), most


def test_exporting(pledge, monkeypatch):
    fill(pledge, 1, 300_000)
    export = Export(pledge=pledge, purpose="delivery")
    whole, most = drain(export)
    monkeypatch.setattr(crypto, "decrypt", lambda value, purpose: "Ruth Feldman")
    bare, _most = drain(export)
    record("export", rows_a_second=whole, rows_a_second_without_decryption=bare, megabytes=most)
    assert most < MOST_MEGABYTES
    assert bare >= LEAST_EXPORTED_A_SECOND
