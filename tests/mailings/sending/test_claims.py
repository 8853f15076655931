"""Claims: which answer belongs to which claim, and what happens to claims that no sender knows of."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending import sender
from campaign.mailings.sending.answers import Answer, Result
from campaign.mailings.sending.claiming import MAX_ATTEMPTS, claim, put_back_lost, record, take_back_refusals
from campaign.mailings.sending.server import Server
from campaign.mailings.sending.worker import Worker

NUMBER = 5


@pytest.fixture
def filled(mailing):
    fill_due()
    mailing.refresh_from_db()
    return mailing


def states():
    return set(Delivery.objects.values_list("state", flat=True))


def test_recording_an_answer_twice_does_not_change_a_later_claim(filled):
    answers = [Answer(one, Result.NOT_TRIED) for one in claim(filled, NUMBER, timezone.now())]
    record(answers, NUMBER, timezone.now())
    claim(filled, NUMBER, timezone.now())
    record(answers, NUMBER, timezone.now())  # as if the database's first response had been lost

    assert states() == {"claimed"}


@pytest.mark.parametrize("verb", ["pause", "stop"])
def test_nothing_is_claimed_once_a_mailing_is_paused_or_stopped(filled, verb):
    getattr(Mailing.objects.get(pk=filled.pk), verb)(None)

    assert claim(filled, NUMBER, timezone.now()) == []


def test_a_claim_whose_commit_got_no_response_is_put_back(filled, smtp, monkeypatch):
    def claim_and_break(*arguments):
        claim(*arguments)
        raise OperationalError

    worker = Worker()
    mine = sender.Sender(worker.number, worker.server, worker.stop)
    worker._senders = [mine]
    monkeypatch.setattr(sender, "claim", claim_and_break)
    with pytest.raises(OperationalError):
        mine.turn()
    mine.close()
    assert states() == {"claimed"}

    worker.maintain()
    assert set(Delivery.objects.values_list("state", "attempts")) == {("queued", 0)}


def test_a_claim_that_a_sender_holds_is_not_put_back(filled):
    worker, moment = Worker(), timezone.now()
    claim(filled, worker.number, moment)

    assert put_back_lost(worker.number, lambda: {moment}) == 0
    assert states() == {"claimed"}


def test_no_two_claims_share_a_time_even_if_the_clock_stops_or_goes_back(monkeypatch):
    now = timezone.now()
    times = iter([now, now, now - timedelta(hours=1)])
    monkeypatch.setattr("campaign.mailings.sending.server.timezone.now", lambda: next(times))
    server = Server()

    moments = [server.moment() for _time in range(3)]
    assert len(set(moments)) == 3


def test_refusals_are_taken_back_with_growing_waits_but_not_for_ever(filled):
    now = timezone.now()
    claimed = claim(filled, NUMBER, now)
    answers = [Answer(delivery, Result.REFUSED) for delivery in claimed]
    claimed[0].attempts = MAX_ATTEMPTS
    record(answers, NUMBER, now)

    assert take_back_refusals(answers, NUMBER, now) == 2
    assert not Delivery.objects.filter(state="queued", due_at__lt=now + timedelta(minutes=1)).exists()
    assert Delivery.objects.get(state="refused").pk == claimed[0].pk


def test_refusals_are_not_taken_back_once_a_mailing_is_finished(filled):
    now = timezone.now()
    answers = [Answer(delivery, Result.REFUSED) for delivery in claim(filled, NUMBER, now)]
    record(answers, NUMBER, now)
    assert filled.finish()

    assert take_back_refusals(answers, NUMBER, now) == 0
