"""A compiled query gives the same rows as a query that Django compiles each time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db.models import DateTimeField, Value
from django.utils import timezone

from campaign.versions.compiled import CompiledQuery
from pledges.models import Pledge
from tests.factories import PledgeFactory

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def open_pledges(slug):
    return Pledge.objects.filter(slug=slug, closes_at__gt=timezone.now()).values_list("title")


@pytest.mark.django_db
def test_each_run_has_its_own_text_and_time():
    query = CompiledQuery(open_pledges)
    PledgeFactory(slug="one", title="First", closes_at=NOON)
    PledgeFactory(slug="two", title="Second", closes_at=NOON + timedelta(hours=2))

    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        assert [query.first(slug) for slug in ("one", "two", "none")] == [("First",), ("Second",), None]
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert [query.first(slug) for slug in ("one", "two")] == [None, ("Second",)]


@pytest.mark.django_db
def test_the_query_is_compiled_once():
    built = []
    query = CompiledQuery(lambda slug: built.append(slug) or open_pledges(slug))

    query.first("one")
    query.first("two")

    assert len(built) == 1


@pytest.mark.django_db
def test_a_query_with_any_other_time_is_refused():
    yesterday = timezone.now() - timedelta(days=1)
    query = CompiledQuery(lambda slug: open_pledges(slug).annotate(then=Value(yesterday, DateTimeField())))

    with pytest.raises(ValueError, match="other than the present"):
        query.first("one")
