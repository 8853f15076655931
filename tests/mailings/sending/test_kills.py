"""Two workers that are killed again and again: nobody gets a mailing twice, and nobody is left out silently."""

import random
import time
from collections import Counter
from uuid import UUID

import pytest

from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.claiming import BATCH
from tests.checkouts import wait_until
from tests.mailings.crowd import address
from tests.mailings.sending import workers
from tests.mailings.sending.conftest import make_mailing
from tests.mailsink import mail_sink
from tests.sizes import size

PEOPLE, KILLS = size(300, 100_000), size(4, 20)
BETWEEN_KILLS = size((0.0, 0.3), (2.0, 12.0))  # seconds after a worker has begun to send
CONNECTIONS = 4
PATIENCE = size(120, 3600)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def start(sink):
    # In the gate, wait before each message, so that a worker is killed in the middle of a batch.
    change = size(SLOWLY, "")
    return workers.start(sink.url, PEOPLE, change=change, NEWS_CONNECTIONS=str(CONNECTIONS))


SLOWLY = """
from campaign.mailings.sending.sender import Sender
import time
send = Sender.send
Sender.send = lambda *arguments: (time.sleep(0.02), send(*arguments))[1]
"""


def test_killing_workers_sends_nothing_twice_and_leaves_nobody_out_silently(tmp_path, crowd):
    mailing = make_mailing()
    with mail_sink(tmp_path / "recipients") as sink:
        running = [start(sink), start(sink)]
        try:
            for number in range(KILLS):
                arrived = len(sink.recipients)
                wait_until(lambda arrived=arrived: len(sink.recipients) > arrived or is_over(mailing), PATIENCE)
                time.sleep(random.uniform(*BETWEEN_KILLS))  # noqa: S311 - any will do
                killed = running.pop(0)
                killed.kill()
                killed.wait()
                running.append(start(sink))
            wait_until(lambda: is_over(mailing), PATIENCE)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(60)
        received = Counter(sink.recipients)

    unknown = set(Delivery.objects.unknown(mailing).values_list("row", flat=True))
    twice = [to for to, times in received.items() if times > 1]
    missing = [n for n in range(PEOPLE) if address(n) not in received and UUID(int=n) not in unknown]
    print(f"{PEOPLE} people, {KILLS} kills: {len(twice)} twice, {len(missing)} missing, {len(unknown)} unknown")  # noqa: T201
    assert (twice, missing) == ([], [])
    assert len(unknown) <= KILLS * CONNECTIONS * BATCH
    assert unknown


def is_over(mailing):
    mailing.refresh_from_db(fields=["state"])
    return mailing.state == Mailing.State.SENT
