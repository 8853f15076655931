"""Nobody learns from our answers whether an address has signed; tests/bench has a test of the time they take."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import SignatureFactory
from tests.pledges.conftest import ANSWERS

STATES = ("pending", "confirmed", "held", "rejected", "withdrawn")
SIGNED, UNKNOWN = "ruth@example.org", "edna@example.org"  # of one length, which a header tells


@pytest.fixture(params=STATES)
def signed(request, pledge):
    """A signature in each state that there is."""
    return SignatureFactory(pledge=pledge, email=SIGNED, state=request.param)


@pytest.fixture(params=["sign", "ask", "code"])
def answer(request, client, pledge):
    """Do with an address what the site offers; give all of the answer, of the page it leads to, and the queries."""
    path = pledge.get_absolute_url()
    path, answers = {
        "sign": (path, ANSWERS),
        "ask": (f"{path}my-signature/", {}),
        "code": (f"{path}check-your-email/", {"code": "0123-4567"}),
    }[request.param]

    def post(email):
        with CaptureQueriesContext(connection) as queries:
            first = client.post(path, answers | {"email": email})
            asked = len(queries)
        next_page = client.get(first.headers.get("Location", path))
        return [plain(one, email) for one in (first, next_page)], asked

    post("grace@example.org")  # The first request of a process reads what the later ones keep.
    return post


def plain(response, email):
    """Status, headers and body; the address that was typed is shown again in the form, in its own place."""
    body = response.content.decode().replace(email, "ADDRESS")
    return response.status_code, sorted(response.items()), body


def test_the_answer_is_the_same_for_an_address_that_has_signed_and_for_one_that_has_not(signed, answer):
    pages, queries = answer(SIGNED)

    assert (pages, queries) == answer(UNKNOWN)
    assert queries


def test_it_stays_the_same_however_often_it_is_asked(signed, answer):
    known, unknown = ([answer(email) for _ in range(5)] for email in (SIGNED, UNKNOWN))

    assert known == unknown
