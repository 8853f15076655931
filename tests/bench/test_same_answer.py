"""Whether the time of an answer tells if an address has signed: no better than a coin."""

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
from tests.bench.load import read_answer, request, serving
from tests.bench.results import record
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.pledges.conftest import ANSWERS

# Among 2,000 timings chance alone strays from 0.5 by 0.013; among so many, by 0.006.
TIMINGS = 10_000
WARM = 100
MIN_AUC, MAX_AUC = 0.48, 0.52
SERVER = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "GUNICORN_CMD_ARGS": "--keep-alive 300"}


@pytest.fixture
def pledge(transactional_db):
    SiteSettingsFactory()
    return PledgeFactory()


def auc(signed, unsigned):
    """How often a timing of `signed` is longer than one of `unsigned`: 0.5 is chance (Mann and Whitney's U)."""
    ranked = sorted([(timing, True) for timing in signed] + [(timing, False) for timing in unsigned])
    above = sum(place for place, (_timing, is_signed) in enumerate(ranked, 1) if is_signed)
    return (above - len(signed) * (len(signed) + 1) / 2) / (len(signed) * len(unsigned))


def addresses(pledge):
    """One that has signed and one that has not, again and again; each is used once, so that no limit is reached."""
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


def timed(port, wanted):
    """Send the requests one after another over one connection; the seconds of each, after the first few."""
    found = {True: [], False: []}
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place, (one, is_signed) in enumerate(wanted):
            began = time.perf_counter()
            wire.sendall(one)
            assert read_answer(wire) == 302
            if place >= 2 * WARM:
                found[is_signed].append(time.perf_counter() - began)
    return found


@pytest.mark.parametrize("page", ["sign again", "ask for the link"])
def test_the_time_of_an_answer_says_nothing(pledge, page):
    path = pledge.get_absolute_url() + ("" if page == "sign again" else "my-signature/")
    answers = {**(ANSWERS if page == "sign again" else {}), "stamp": make_stamp(time.time() - 120)}

    def to(port, email):
        return request(port, path, urlencode(answers | {"email": email}).encode(), Sec_Fetch_Site="same-origin")

    with serving("campaign.wsgi", **SERVER) as (port, _pid):
        wanted = [(to(port, email), is_signed) for email, is_signed in addresses(pledge)]
        found = timed(port, wanted)
    share = auc(found[True], found[False])
    signed, unsigned = (median(found[is_signed]) * 1000 for is_signed in (True, False))
    record(f"time to {page}", auc=share, timings=TIMINGS, signed_ms=signed, unsigned_ms=unsigned)
    assert MIN_AUC <= share <= MAX_AUC
