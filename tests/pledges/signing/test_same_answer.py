"""Our responses don't reveal whether an address has signed; tests/bench compares how long they take."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import SignatureFactory
from tests.pledges.conftest import ANSWERS

STATES = ("pending", "confirmed", "held", "rejected", "withdrawn")
SIGNED, UNKNOWN = "ruth@example.org", "edna@example.org"  # equally long, as Content-Length must not differ


@pytest.fixture(params=STATES)
def signed(request, pledge):
    """Return a signature in each possible state."""
    return SignatureFactory(pledge=pledge, email=SIGNED, state=request.param)


@pytest.fixture(params=["sign", "sign for news", "manage", "code"])
def submit(request, client, pledge):
    """Submit a form with an address; return the response, the page it redirects to, and the number of queries."""
    path = pledge.get_absolute_url()
    path, answers = {
        "sign": (path, ANSWERS),
        "sign for news": (path, ANSWERS | {"updates": "on"}),
        "manage": (f"{path}my-signature/", {}),
        "code": (f"{path}check-your-email/", {"code": "0123-4567"}),
    }[request.param]

    def post(email):
        with CaptureQueriesContext(connection) as queries:
            first = client.post(path, answers | {"email": email})
            query_count = len(queries)
        next_page = client.get(first.headers.get("Location", path))
        return [comparable(one, email) for one in (first, next_page)], query_count

    post("grace@example.org")  # The first request of a process fills the caches that later ones use.
    return post


def comparable(response, email):
    """Return status, headers and body, without the submitted address, which the form shows again."""
    body = response.content.decode().replace(email, "ADDRESS")
    return response.status_code, sorted(response.items()), body


def test_responses_are_identical_for_signed_and_unknown_addresses(signed, submit):
    pages, queries = submit(SIGNED)

    assert (pages, queries) == submit(UNKNOWN)
    assert queries


def test_responses_stay_identical_when_repeated(signed, submit):
    known, unknown = ([submit(email) for _ in range(5)] for email in (SIGNED, UNKNOWN))

    assert known == unknown
