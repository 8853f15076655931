"""The open ledger: `/pledges/<slug>/ledger.csv`."""

import csv
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from pledges.counting.ledger import BEGINNING, close_day
from pledges.counting.publishing import publish_counts
from pledges.models import LedgerLine, Signature
from tests.factories import PledgeFactory, SignatureFactory

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def lines(client, pledge):
    response = client.get(f"{pledge.get_absolute_url()}ledger.csv")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_each_day_has_one_line_with_the_hash_of_the_line_before(client, pledge, time_machine):
    for day in range(3):
        time_machine.move_to(NOON + timedelta(days=day), tick=False)
        SignatureFactory(pledge=pledge, confirmed=True)
        call_command("publish_counts", "--once")
        call_command("publish_counts", "--once")

    ledger = lines(client, pledge)
    assert [(line["day"], line["count"]) for line in ledger] == [
        ("2026-11-19", "1"),
        ("2026-11-20", "2"),
        ("2026-11-21", "3"),
    ]
    before = BEGINNING
    for line in ledger:
        assert line["previous"] == before
        before = hashlib.sha256(f"{line['day']},{line['count']},{before}".encode()).hexdigest()
        assert line["hash"] == before


def test_days_on_which_nothing_ran_get_no_line(pledge):
    publish_one(pledge)
    assert close_day(pledge, NOON)
    assert not close_day(pledge, NOON)
    assert not close_day(pledge, NOON - timedelta(days=3))
    assert close_day(pledge, NOON + timedelta(days=5))

    assert [str(line.day) for line in LedgerLine.objects.all()] == ["2026-11-19", "2026-11-24"]


def publish_one(pledge):
    SignatureFactory(pledge=pledge, confirmed=True)
    publish_counts()


def test_the_ledger_contains_no_personal_data(client, pledge):
    SignatureFactory(pledge=pledge, public=True, name="Miriam Katz")
    call_command("publish_counts", "--once")

    assert "Miriam" not in str(lines(client, pledge))
    assert set(lines(client, pledge)[0]) == {"day", "count", "previous", "hash"}


def test_the_ledger_may_be_cached_and_takes_two_queries(client, pledge, django_assert_num_queries):
    with django_assert_num_queries(2):
        response = client.get(f"{pledge.get_absolute_url()}ledger.csv")

    assert "public" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_concurrent_workers_write_one_line():
    pledge = PledgeFactory()
    publish_one(pledge)

    def close(_number):
        try:
            return close_day(pledge, NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(close, range(8))) == 1
    assert LedgerLine.objects.count() == 1
    assert Signature.objects.count() == 1
