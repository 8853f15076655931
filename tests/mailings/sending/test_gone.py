"""Leases of workers, claims of workers that are gone, and of workers that only seem to be gone."""

import pytest
from django.utils import timezone

from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Lease, Mailing
from campaign.mailings.sending import leases, worker
from campaign.mailings.sending import sender as sending
from campaign.mailings.sending.answers import Answer, Result
from campaign.mailings.sending.claiming import claim, record
from campaign.mailings.sending.worker import Worker
from tests.checkouts import wait_until
from tests.mailings.sending.test_broken_connections import end_other_sessions

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

    monkeypatch.setattr(leases.time, "monotonic", lambda: Clock.now)

    def watch(seconds, *, once=False):
        given_up = 0
        for _second in range(0 if once else seconds - 1):
            Clock.now += 1
            given_up += watcher.mark_abandoned_claims()
        Clock.now += seconds if once else 1
        return given_up + watcher.mark_abandoned_claims()

    watcher.mark_abandoned_claims()
    watch.worker = watcher
    return watch


@pytest.fixture
def lease():
    """Return the lease of the worker that has claimed deliveries."""
    return Lease.objects.create(worker=NUMBER, renewals=5)


def states():
    return set(Delivery.objects.values_list("state", flat=True))


def test_claims_of_a_worker_without_a_lease_become_unknown_after_15_seconds(claimed, watch):
    assert [watch(14), watch(1)] == [0, 3]
    assert states() == {"unknown"}


def test_claims_become_unknown_15_seconds_after_the_last_renewal(claimed, lease, watch):
    watch(10)
    Lease.objects.renew(NUMBER)

    assert [watch(15), watch(1)] == [0, 3]
    assert states() == {"unknown"}
    assert not Lease.objects.exists()


def test_a_worker_that_renews_its_lease_keeps_its_claims(claimed, lease, watch):
    for _time in range(10):
        assert watch(14) == 0
        Lease.objects.renew(NUMBER)

    assert states() == {"claimed"}


def test_after_a_long_silence_of_the_database_the_others_have_time_to_renew_their_leases(claimed, lease, watch):
    assert watch(3600, once=True) == 0
    Lease.objects.renew(NUMBER)

    assert watch(14) == 0
    assert states() == {"claimed"}


def test_a_worker_never_takes_itself_for_gone(claimed, watch):
    Delivery.objects.update(worker=watch.worker.number)

    assert watch(60) == 0
    assert states() == {"claimed"}


@pytest.mark.parametrize(
    ("result", "state"), [(Result.SENT, "sent"), (Result.LATER, "refused"), (Result.NOT_TRIED, "refused")]
)
def test_a_late_answer_is_recorded_and_nothing_is_sent_again(claimed, watch, result, state):
    watch(15)
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


def test_a_worker_renews_its_lease_while_it_runs_and_gives_it_up_at_the_end(transactional_db, monkeypatch):
    monkeypatch.setattr(leases, "RENEW_EVERY", 0.01)
    mine = Worker()
    assert not mine.lease.is_fresh
    with mine.lease:
        wait_until(lambda: Lease.objects.filter(worker=mine.number, renewals__gte=2).exists())
        end_other_sessions()
        before = Lease.objects.get().renewals
        wait_until(lambda: Lease.objects.get().renewals > before + 1)
        assert mine.lease.is_fresh

    assert not Lease.objects.exists()


def test_a_worker_whose_lease_is_lost_sends_nothing(claimed, settings):
    mine = Worker()
    sender = sending.Sender(mine.number, mine.server, mine.stop)

    assert mine._turn(sender) == worker.LOOK_EVERY
    assert states() == {"claimed"}


def test_an_error_while_renewing_the_lease_ends_the_worker(transactional_db, monkeypatch):
    monkeypatch.setattr(Lease.objects, "renew", lambda number: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        Worker().run()
