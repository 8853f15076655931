"""Statements that are planned once for each connection."""

import pytest
from django.db import connection

from campaign.prepared import Prepared

pytestmark = pytest.mark.django_db
SUM = "SELECT %(one)s::int + %(other)s::int * %(one)s::int"


@pytest.fixture
def prepared(request):
    """Return a statement under a name of this test's own."""
    return Prepared(request.node.name, SUM)


def names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return [name for (name,) in cursor.fetchall()]


def run(prepared, **values):
    with connection.cursor() as cursor:
        prepared.run(cursor, values)
        return cursor.fetchone()[0]


def test_it_returns_what_the_statement_returns(prepared):
    assert run(prepared, one=2, other=3) == 8
    assert run(prepared, other=0, one=7) == 7


def test_a_connection_prepares_it_once(prepared, django_assert_num_queries):
    with django_assert_num_queries(2):
        run(prepared, one=1, other=1)
    with django_assert_num_queries(1):
        run(prepared, one=1, other=1)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_it_again(prepared):
    run(prepared, one=1, other=1)
    connection.close()
    assert names() == []

    assert run(prepared, one=1, other=1) == 2
    assert len(names()) == 1
