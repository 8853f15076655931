"""Claims of workers that are gone, and of workers that only seem to be gone."""

import pytest
from django.db import connection
from django.utils import timezone

from campaign.db import Lock, hold, release
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending import worker
from campaign.mailings.sending.answers import Answer, Result
from campaign.mailings.sending.claiming import claim, record
from campaign.mailings.sending.worker import GONE_AFTER, Worker
from tests.checkouts import wait_until

NUMBER = 2**31 - 2


@pytest.fixture
def claimed(mailing):
    """Return deliveries that the worker with this number has claimed."""
    fill_due()
    return claim(mailing, NUMBER, timezone.now())


@pytest.fixture
def watch(monkeypatch):
    """Return a function that lets seconds pass, and then has another worker look for workers that are gone."""
    watcher = Worker()

    class Clock:
        now = 0.0

    monkeypatch.setattr(worker.time, "monotonic", lambda: Clock.now)

    def watch(seconds):
        Clock.now += seconds
        return watcher.mark_abandoned_claims()

    return watch


def states():
    return set(Delivery.objects.values_list("state", flat=True))


def test_claims_of_a_worker_that_lost_its_lock_become_unknown_after_15_seconds(claimed, watch):
    assert [watch(0), watch(GONE_AFTER - 1), watch(1)] == [0, 0, 3]
    assert states() == {"unknown"}


def test_a_slow_worker_keeps_its_claims(claimed, watch):
    hold(Lock.NEWS_WORKER, NUMBER)
    try:
        assert [watch(0), watch(3600), watch(3600)] == [0, 0, 0]
    finally:
        release(Lock.NEWS_WORKER, NUMBER)
    assert states() == {"claimed"}


def test_a_worker_that_soon_takes_its_lock_again_is_not_gone(claimed, watch):
    watch(0)
    hold(Lock.NEWS_WORKER, NUMBER)
    watch(GONE_AFTER + 1)
    release(Lock.NEWS_WORKER, NUMBER)

    assert watch(1) == 0
    assert states() == {"claimed"}


@pytest.mark.parametrize(
    ("result", "state"), [(Result.SENT, "sent"), (Result.LATER, "refused"), (Result.NOT_TRIED, "refused")]
)
def test_a_late_answer_is_recorded_and_nothing_is_sent_again(claimed, watch, result, state):
    watch(0)
    watch(GONE_AFTER)
    record([Answer(delivery, result) for delivery in claimed], NUMBER, timezone.now())

    assert states() == {state}


def test_an_answer_is_recorded_only_for_the_workers_own_claim(claimed):
    record([Answer(delivery, Result.SENT) for delivery in claimed], NUMBER - 1, timezone.now())

    assert states() == {"claimed"}


def test_a_mailing_is_finished_only_once_every_claim_has_an_answer(claimed, mailing):
    mailing.refresh_from_db()
    assert not mailing.finish()

    record([Answer(delivery, Result.SENT) for delivery in claimed], NUMBER, timezone.now())
    assert mailing.finish()
    assert mailing.state == Mailing.State.SENT


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_connection_broke_takes_its_lock_again():
    mine = Worker()
    mine.maintain()
    connection.close()
    mine.holds_lock.clear()
    wait_until(lambda: mine.maintain() or mine.holds_lock.is_set())  # once the database has noticed

    with connection.cursor() as cursor:
        cursor.execute("SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [654])
        assert cursor.fetchall() == [(mine.number,)]
    connection.close()
