"""Unusual networks, domains and hours: `/admin/pledges/pledge/<pk>/trends/`."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pledges.models import BulkInvalidation
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory


@pytest.fixture
def trends(client, db):
    """Sign in; return the path of the page for a pledge with four suspicious signatures."""
    sign_in(client)
    pledge = PledgeFactory()
    for number in range(4):
        SignatureFactory(pledge=pledge, email=f"a{number}@spam.example", network=b"n" * 16, suspicion="network")
    SignatureFactory(pledge=pledge, email="one@alone.example", signed_at=timezone.now() - timedelta(hours=5))
    SignatureFactory.create_batch(2, pledge=pledge, signed_at=timezone.now() - timedelta(days=3))
    return f"/admin/pledges/pledge/{pledge.pk}/trends/"


def test_unusual_networks_domains_and_hours_are_listed_in_few_queries(client, trends, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        page = client.get(trends).content.decode()

    assert "spam.example" in page
    assert b"nnnn".hex() in page
    assert "alone.example" not in page
    assert "a0@" not in page
    assert "example.org" not in page
    assert "example.org" in client.get(trends, {"days": "7"}).content.decode()


@pytest.mark.parametrize("column", ["network", "domain_hash", "hour"])
def test_a_row_becomes_a_draft_bulk_invalidation(client, trends, column):
    tables = {table.column: table for table in client.get(trends).context["tables"]}
    response = client.post(trends, {"column": column, "value": tables[column].rows[0].value})

    invalidation = BulkInvalidation.objects.get()
    assert response.headers["Location"].endswith(f"/admin/pledges/bulkinvalidation/{invalidation.pk}/change/")
    assert (invalidation.state, invalidation.matching().count()) == ("draft", 0)  # the signatures are pending
    invalidation.pledge.signatures.update(state="confirmed")
    assert invalidation.matching().count() == 4


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("network", "zz"), ("network", ""), ("hour", "soon"), ("domain_hash", "00"), ("email", "x"), ("", "")),
        *(("hour", "9999-12-31T23:30+00:00"), ("hour", "0001-01-01T00:00+14:00"), ("hour", "2026-11-22T10:00")),
        *(("hour", "\0"), ("network", "\0"), ("\0", "")),
    ],
)
def test_values_that_the_page_never_sends_are_refused(client, trends, column, value):
    assert client.post(trends, {"column": column, "value": value}).status_code == 400
    assert not BulkInvalidation.objects.exists()


def test_an_organiser_who_may_not_change_signatures_sees_no_trends(client, db):
    sign_in(client, is_superuser=False)

    assert client.get(f"/admin/pledges/pledge/{PledgeFactory().pk}/trends/").status_code == 403
