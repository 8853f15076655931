"""A worker that does nothing for longer than its lease, and then goes on, sends nothing that was given up."""

import os
import signal

import pytest

from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.claiming import BATCH
from tests.checkouts import wait_until
from tests.mailings.sending.conftest import make_mailing
from tests.mailings.sending.workers import nursery
from tests.mailsink import mail_sink

PEOPLE = 3 * BATCH
AFTER_CLAIM = """
from campaign.mailings.sending import sender
claim = sender.claim
sender.claim = lambda *arguments: stall_after(claim(*arguments))
"""
AFTER_THREE = """
from itertools import count
send, number = Sender.send, count(1)
Sender.send = lambda *arguments: stall_after(send(*arguments), next(number) == 3)
"""
# The first worker to get here removes the file and stops the whole process, as when a virtual machine is moved.
STALL = """
import time
from pathlib import Path
def stall_after(result, now=True):
    if now and result and Path("{file}").exists():
        Path("{file}").unlink()
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(0.5)  # the signal may reach another thread first
    return result
"""

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("change", [AFTER_CLAIM, AFTER_THREE], ids=["claim", "third message"])
def test_a_worker_that_stood_still_sends_nothing_more_of_its_batch(tmp_path, crowd, change):
    mailing, stalls = make_mailing(), tmp_path / "stalls"
    stalls.touch()
    options = {"change": STALL.format(file=stalls) + change, "NEWS_CONNECTIONS": "1"}
    with mail_sink(tmp_path / "recipients") as sink, nursery(sink.url, PEOPLE, **options) as workers:
        still = workers.start()
        wait_until(lambda: not stalls.exists())
        workers.start()
        wait_until(lambda: Mailing.objects.get(pk=mailing.pk).state == Mailing.State.SENT)
        assert Delivery.objects.unknown(mailing).count() == BATCH
        before = sink.recipients

        os.kill(still, signal.SIGCONT)
        wait_until(lambda: not Delivery.objects.unknown(mailing).exists())
        workers.end_all()
        received = sink.recipients

    numbers = mailing.counted()
    assert received == before
    assert len(received) == len(set(received)) == numbers["sent"] == PEOPLE - numbers["refused"]
    assert 0 < numbers["refused"] <= BATCH
