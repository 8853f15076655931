"""The open ledger: `/pledges/<slug>/ledger.csv`."""

import csv
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine as clock
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pledges.counting.ledger import BEGINNING, close_days, line_hash
from pledges.counting.publishing import publish_counts
from pledges.models import LedgerLine, Pledge, Signature
from tests.factories import PledgeFactory, SignatureFactory

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def lines(client, pledge):
    response = client.get(f"{pledge.get_absolute_url()}ledger.csv")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def recorded():
    return [(str(line.day), line.count) for line in LedgerLine.objects.all()]


@pytest.fixture
def publish(pledge, time_machine):
    """Confirm some signatures at a given time, and run the worker once."""

    def run(now, people=0):
        time_machine.move_to(now, tick=False)
        SignatureFactory.create_batch(people, pledge=pledge, confirmed=True)
        call_command("publish_counts", "--once")

    return run


def test_a_line_states_the_count_at_midnight_with_the_hash_of_the_line_before(client, pledge, publish):
    for day in range(4):
        publish(NOON + day * DAY, 10)
        publish(NOON + day * DAY, 1)

    ledger = lines(client, pledge)
    assert [(line["day"], line["count"]) for line in ledger] == [
        ("2026-11-20", "11"),
        ("2026-11-21", "22"),
        ("2026-11-22", "33"),
    ]
    before = BEGINNING
    for line in ledger:
        assert line["previous"] == before
        before = hashlib.sha256(f"{line['day']},{line['count']},{before}".encode()).hexdigest()
        assert line["hash"] == before


def test_no_day_before_the_first_signature_has_a_line(publish):
    publish(NOON)
    publish(NOON + DAY, 30)

    assert recorded() == []


def test_signatures_after_midnight_do_not_count_towards_the_day_before(publish):
    publish(NOON, 10)
    publish(NOON + DAY, 25)

    assert recorded() == [("2026-11-20", 10)]


def test_a_count_that_moved_by_less_than_ten_gets_no_line(publish):
    for day, people in enumerate([10, 1, 8, 1, 0]):
        publish(NOON + day * DAY, people)

    assert recorded() == [("2026-11-20", 10), ("2026-11-23", 20)]


def test_a_count_that_fell_by_ten_gets_a_line(publish):
    publish(NOON, 30)
    for day, withdrawn in enumerate([9, 1, 0], start=1):
        for signature in Signature.objects.filter(state="confirmed")[:withdrawn]:
            signature.withdraw()
        publish(NOON + day * DAY)

    assert recorded() == [("2026-11-20", 30), ("2026-11-22", 20)]


def test_days_on_which_no_worker_ran_get_no_line(publish):
    publish(NOON, 10)
    publish(NOON + 5 * DAY, 20)
    publish(NOON + 6 * DAY)

    assert recorded() == [("2026-11-20", 10), ("2026-11-25", 30)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), datetime(2026, 6, 30, 23, 1, tzinfo=UTC)),  # summer time
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, 0, 1, tzinfo=UTC)),
        (datetime(2026, 3, 29, 22, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 1, tzinfo=UTC)),  # a 23-hour day
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), datetime(2026, 10, 26, 0, 1, tzinfo=UTC)),  # a 25-hour day
    ],
)
def test_midnight_is_in_the_sites_time_zone(publish, before, after):
    publish(before, 10)
    publish(before + timedelta(seconds=30), 10)
    assert recorded() == []
    publish(after, 10)

    assert recorded() == [(str(timezone.localdate(before)), 20)]


def test_an_older_chain_continues(pledge, publish):
    old = line_hash(timezone.localdate(NOON), 41, BEGINNING)
    LedgerLine.objects.create(pledge=pledge, day=timezone.localdate(NOON), count=41, previous=BEGINNING, hash=old)
    publish(NOON + DAY, 49)
    publish(NOON + 2 * DAY, 1)
    publish(NOON + 3 * DAY)

    assert [(line.count, line.previous) for line in LedgerLine.objects.all()] == [(41, BEGINNING)]
    publish(NOON + 3 * DAY, 1)
    publish(NOON + 4 * DAY)
    assert [(line.count, line.previous) for line in LedgerLine.objects.all()][1:] == [(51, old)]


def test_a_clock_that_is_behind_never_reopens_a_day(pledge, publish):
    publish(NOON, 10)
    publish(NOON + DAY, 10)
    publish(NOON, 10)
    publish(NOON + 2 * DAY)

    assert recorded() == [("2026-11-20", 10), ("2026-11-21", 30)]


def test_the_ledger_contains_no_personal_data(client, pledge, publish):
    SignatureFactory.create_batch(10, pledge=pledge, public=True, name="Miriam Katz")
    publish(NOON)
    publish(NOON + DAY)

    assert "Miriam" not in str(lines(client, pledge))
    assert set(lines(client, pledge)[0]) == {"day", "count", "previous", "hash"}


def test_the_ledger_may_be_cached_and_needs_three_queries(client, pledge, django_assert_num_queries):
    with django_assert_num_queries(3):
        response = client.get(f"{pledge.get_absolute_url()}ledger.csv")

    assert "public" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert not response.cookies


def test_closing_days_takes_one_query_when_nothing_is_due(publish, django_assert_num_queries):
    publish(NOON, 9)
    with django_assert_num_queries(1):
        assert close_days(NOON + DAY) == 0


@pytest.mark.django_db(transaction=True)
def test_concurrent_workers_write_one_line():
    SignatureFactory.create_batch(10, pledge=PledgeFactory(), confirmed=True)
    publish_counts()
    tomorrow = timezone.now() + DAY

    def close(_number):
        try:
            return close_days(tomorrow)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(close, range(8))) == 1
    assert LedgerLine.objects.count() == 1
    assert Signature.objects.count() == 10


# Hours that pass before a turn of the worker, how many signatures are confirmed by then, and whether the turn closes
# days first: publishing alone must keep the ledger right too.
TURNS = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 40), st.booleans()), max_size=7)


class AnyHistory(TestCase):
    """A state machine: whenever the worker runs and whatever happens in between, every line of the ledger is true."""

    @classmethod
    def setUpTestData(cls):
        cls.pledge = PledgeFactory()
        SignatureFactory.create_batch(40, pledge=cls.pledge)

    @settings(max_examples=10)
    @given(TURNS)
    def test_each_line_was_on_the_page_at_midnight_and_differs_from_the_last_by_ten_or_more(self, turns):
        now, shown = NOON, {}
        for hours, people, closes in turns:
            now += timedelta(hours=hours)
            self.confirm(people)
            with clock.travel(now, tick=False):
                if closes:
                    close_days(now)
                publish_counts()
            shown[timezone.localdate(now)] = Pledge.objects.with_count().get().count
        today = timezone.localdate(now)
        close_days(now)

        written = list(LedgerLine.objects.values_list("day", "count"))
        assert all(day < today and shown.get(day) == count for day, count in written)
        assert all(abs(after - before) >= 10 for before, after in pairwise([0, *(count for _day, count in written)]))
        assert self.expected({day: count for day, count in shown.items() if day < today}) == written

    def confirm(self, people):
        """Confirm exactly this many signatures."""
        chosen = Signature.objects.order_by("pk").values_list("pk", flat=True)[:people]
        Signature.objects.update(state="pending")
        Signature.objects.filter(pk__in=list(chosen)).update(state="confirmed")

    def expected(self, shown):
        """Return the lines expected from the counts on the page at the end of each day."""
        last, found = 0, []
        for day, count in shown.items():
            if abs(count - last) >= 10:
                found.append((day, count))
                last = count
        return found
