"""Malformed HTTP, sent to nginx and straight to gunicorn, causes no 500 and no hang, and the site stays up."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.front import NGINX, front
from tests.prove.wire.corpus import CORPUS, FORM_PAGE, get
from tests.prove.wire.sending import send, statuses
from tests.sizes import size

EXAMPLES = size(3, 150)
SENT = dict(list(CORPUS.items())[:: size(6, 1)])
AT_ONCE = 16
# Those up to 405, and 413, come from the site; the others from nginx or gunicorn.
ALLOWED = {200, 301, 302, 304, 307, 308, 400, 403, 404, 405, 408, 411, 413, 414, 415, 417, 421, 431, 501, 505}
SHORT = [one for one in CORPUS.values() if len(one) < 2000]
NASTY = [
    b"\0",
    b"\r\n",
    b"\n",
    b"\r",
    b" ",
    b"\t",
    b":",
    b"%",
    b"%00",
    b"\xff",
    b"\xed\xa0\x80",
    b",",
    b";",
    b'"',
    b"=",
]
NASTY += [b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"HTTP/1.1", b"9" * 30, b"x" * 9000, b"--x"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,  # so that there is a database even if this test runs alone
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not NGINX, reason="nginx is not installed."),
]


@pytest.fixture(scope="module")
def places(django_db_setup, django_db_blocker, tmp_path_factory):
    """Start the site; yield nginx's port and gunicorn's socket."""
    with django_db_blocker.unblock(), front(tmp_path_factory.mktemp("wire"), "http") as site:
        yield {"nginx": site.port, "gunicorn": site.socket}


def respond(places, named):
    """Send each request to both servers and check the statuses; return how often each occurred."""
    jobs = [(name, data, server) for name, data in named for server in places]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda job: statuses(send(places[job[2]], job[1])), jobs))
    bad = [(name, server, one) for (name, _data, server), one in zip(jobs, found, strict=True) if set(one) - ALLOWED]
    assert bad == []
    for server, place in places.items():
        assert statuses(send(place, get(FORM_PAGE, b"Connection: close"))) == [200], server
    return Counter(status for one in found for status in one or ["none"])


def test_no_malformed_request_gets_a_500_or_stops_the_site(places, record_property):
    counts = respond(places, SENT.items())

    record_property("summary", f"{len(SENT)} requests to nginx and gunicorn: {dict(counts)}")
    assert {200, 400, 404} <= set(counts)


@st.composite
def mutated(draw):
    """Return a request from the corpus with a piece inserted, removed or repeated."""
    data = draw(st.sampled_from(SHORT))
    for _change in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(data))), draw(st.integers(0, 40))
        piece = draw(st.sampled_from([b"", data[start : start + length] * 2, *NASTY]) | st.binary(max_size=20))
        data = data[:start] + piece + data[start + draw(st.sampled_from([0, 0, 1, length])) :]
    return data


@hypothesis.seed(int(os.environ.get("PROVE_SEED", "1")))
@hypothesis.settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
@given(requests=st.lists(mutated(), min_size=AT_ONCE, max_size=AT_ONCE))
def test_no_mutation_of_one_gets_a_500_or_stops_the_site(places, requests):
    respond(places, [(data[:2000], data) for data in requests])


def test_pipelined_requests_get_an_answer_each_and_the_next_visitor_never_gets_the_answer_to_a_smuggled_one(places):
    assert statuses(send(places["nginx"], get(b"/healthz") * 20)) == [200] * 20
    for name, one in SENT.items():
        if name.startswith("smuggling"):
            send(places["nginx"], one)
            assert statuses(send(places["nginx"], get(b"/healthz") * 4)) == [200] * 4, name
