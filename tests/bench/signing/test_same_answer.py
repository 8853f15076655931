"""Response times must not reveal whether an address has signed: guessing from them is no better than chance."""

import os
import random
import socket
import time
from statistics import median
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils import timezone

from campaign.forms.guard import make_stamp
from pledges.models import Signature
from tests.bench.load import read_response, request, serving
from tests.bench.results import record
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.pledges.conftest import ANSWERS

# By chance alone the result strays from 0.5 by 0.013 with 2,000 timings, and by 0.006 with 10,000.
TIMINGS = 10_000
WARM = 100
MIN_AUC, MAX_AUC = 0.48, 0.52
SERVER = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "GUNICORN_CMD_ARGS": "--keep-alive 300"}


@pytest.fixture
def pledge(transactional_db):
    SiteSettingsFactory()
    return PledgeFactory()


def auc(signed, unsigned):
    """Return how often a timing of `signed` is longer than one of `unsigned`: 0.5 is chance (Mann–Whitney U)."""
    ranked = sorted([(timing, True) for timing in signed] + [(timing, False) for timing in unsigned])
    above = sum(position for position, (_timing, is_signed) in enumerate(ranked, 1) if is_signed)
    return (above - len(signed) * (len(signed) + 1) / 2) / (len(signed) * len(unsigned))


def addresses(pledge):
    """Yield pairs of an address that has signed and one that hasn't; each is used once, to stay under the limits."""
    known = [f"{os.urandom(8).hex()}k@gmail.com" for _ in range(TIMINGS // 2 + WARM)]
    Signature.objects.bulk_create(
        SignatureFactory.build(pledge=pledge, state="confirmed", confirmed_at=timezone.now(), email=email)
        for email in known
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pledges_signature")
    for email in known:
        pair = [(email, True), (email.replace("k@", "u@"), False)]
        random.shuffle(pair)
        yield from pair


def timed(port, requests):
    """Send the requests one after another over one connection; return the seconds of each, after the first few."""
    timings = {True: [], False: []}
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for position, (one, is_signed) in enumerate(requests):
            began = time.perf_counter()
            sock.sendall(one)
            assert read_response(sock) == 302
            if position >= 2 * WARM:
                timings[is_signed].append(time.perf_counter() - began)
    return timings


@pytest.mark.parametrize("page", ["sign again", "ask for the link"])
def test_response_times_do_not_reveal_who_has_signed(pledge, page):
    path = pledge.get_absolute_url() + ("" if page == "sign again" else "my-signature/")
    answers = {**(ANSWERS if page == "sign again" else {}), "stamp": make_stamp(time.time() - 120)}

    def signing_request(port, email):
        return request(port, path, urlencode(answers | {"email": email}).encode(), Sec_Fetch_Site="same-origin")

    with serving("campaign.wsgi", **SERVER) as (port, _pid):
        requests = [(signing_request(port, email), is_signed) for email, is_signed in addresses(pledge)]
        timings = timed(port, requests)
    share = auc(timings[True], timings[False])
    signed, unsigned = (median(timings[is_signed]) * 1000 for is_signed in (True, False))
    record(f"time to {page}", auc=share, timings=TIMINGS, signed_ms=signed, unsigned_ms=unsigned)
    assert MIN_AUC <= share <= MAX_AUC
