"""Signing through PgBouncer in transaction mode: 200 clients share ten connections to PostgreSQL."""

from contextlib import ExitStack
from statistics import median

import pytest
from django.core.management import call_command

from campaign.mail.models import Message
from pledges.models import Pledge, Signature
from tests.bench.load import load, serving
from tests.bench.results import record
from tests.bench.signing.test_pledge import SITE, signing
from tests.bench.signing.test_pledge import collected as collected
from tests.pooler import needs_pgbouncer, pooling

SIGNS, ROUNDS, CLIENTS, CONNECTIONS = 10_000, 5, 200, 10
MIN_OF_DIRECT = 0.85
DIRECT_THREADS = 80  # in each of two processes; the tests' PostgreSQL has 200 connections


@pytest.mark.django_db(transaction=True)
@needs_pgbouncer
def test_two_hundred_clients_sign_through_ten_connections_nearly_as_fast_as_directly(collected, tmp_path):
    call_command("load_campaign")
    each = SIGNS // ROUNDS
    with ExitStack() as stack:
        url = stack.enter_context(pooling(tmp_path, CONNECTIONS))
        pooled = stack.enter_context(serving("campaign.wsgi", **SITE, DATABASE_URL=url, WEB_THREADS=str(CLIENTS // 2)))
        direct = stack.enter_context(serving("campaign.wsgi", **SITE, WEB_THREADS=str(DIRECT_THREADS)))
        rates, statuses = {pooled: [], direct: []}, set()
        for turn in range(ROUNDS):
            for place, server in enumerate((direct, pooled) if turn % 2 else (pooled, direct)):
                start = (2 * turn + place) * each
                done = load(server, signing(server[0], Pledge.objects.get(), start, each), CLIENTS, warm=0)
                rates[server].append(done.rate)
                statuses |= done.statuses
    share = median(through / bare for through, bare in zip(rates[pooled], rates[direct], strict=True))
    record(
        "signing through a pool",
        signs=SIGNS,
        clients=CLIENTS,
        connections=CONNECTIONS,
        a_second=median(rates[pooled]),
        a_second_directly=median(rates[direct]),
        share_of_direct=share,
    )
    assert statuses == {302}
    assert Signature.objects.count() == Message.objects.count() == 2 * SIGNS
    assert share >= MIN_OF_DIRECT
